// Why nothing was shown, as the server tells it, and as it is shown. Free of VS Code, so that a test runs it
// as it is.

/** Of `inpaint/status`, and of the answer to `inpaint/why`. */
export interface Silence {
  readonly id: string;
  readonly words: string;
  readonly remedy: string;
}

export interface WhyAnswer {
  readonly silence: Silence | null;
  readonly questions: readonly (Silence & {
    readonly time: string;
    readonly file: string;
    readonly line: number;
    readonly face: string;
    readonly times: number;
  })[];
}

/** A line of the list; choosing it opens the setting that would change it, where that is one. */
export interface Pick {
  readonly label: string;
  readonly description: string;
  readonly detail: string;
  readonly setting: string | undefined;
}

function pick(silence: Silence, description: string): Pick {
  const setting = /\binpaint\.\w+/.exec(silence.remedy)?.[0];
  return { label: silence.words, description, detail: silence.remedy, setting };
}

/** The newest first. */
export function picks(answer: WhyAnswer): Pick[] {
  return [
    ...(answer.silence ? [pick(answer.silence, 'now')] : []),
    ...answer.questions.map((question) => {
      const times = question.times > 1 ? `, ${question.times} times` : '';
      const time = new Date(question.time).toLocaleTimeString();
      const where = `${question.file}:${question.line}, ${question.face}${times}, ${time}`;
      return pick(question, where);
    }),
  ];
}

/** For the tooltip. */
export function tooltip(silence: Silence): string {
  return `Nothing is shown: ${silence.words}\n(${silence.remedy})`;
}
