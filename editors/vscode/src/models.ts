// The models that the program knows, as `inpaint models list --json` tells of them, and what is said of each
// to somebody who chooses. Free of VS Code, so that a test runs it as it is.

export interface Model {
  readonly name: string;
  readonly path: string | null; // null: not here
  readonly bytes: number;
  readonly licence: string | null;
  readonly languages: readonly string[];
  readonly tokens_per_second: number | null;
  readonly used: boolean;
  readonly damaged: boolean;
  readonly address: string | null; // null: cannot be fetched
  readonly kept_as: string | null;
  readonly permissive: boolean;
  readonly default: boolean;
}

export interface ModelPick {
  readonly label: string;
  readonly description: string;
  readonly detail: string;
  readonly model: Model;
}

const megabytes = (bytes: number): string => `${Math.round(bytes / 1e6)} MB`;

export function modelPicks(models: readonly Model[]): ModelPick[] {
  return models.map((model) => {
    const state = model.used ? 'in use' : model.path ? 'here' : `${megabytes(model.bytes)} to fetch`;
    const speed = model.tokens_per_second === null ? [] : [`${Math.round(model.tokens_per_second)} tokens/s here`];
    return {
      label: `${model.used ? '$(check) ' : ''}${model.name}`,
      description: state,
      detail: [model.licence ?? 'licence unknown', ...speed, model.languages.join(', ')].join('; '),
      model,
    };
  });
}

/** What somebody agrees to when they fetch a model: size, licence, address and folder. */
export function fetchQuestion(model: Model): string {
  const licence = model.permissive ? model.licence : `${model.licence}, which limits its use`;
  return (
    `Fetch ${model.name} (${megabytes(model.bytes)}; licence: ${licence}) from ${model.address}? ` +
    `It is kept as ${model.kept_as}; \`inpaint models remove ${model.name}\` takes it away.`
  );
}

/** The model to ask about once: the one that would answer if it were here. */
export function missingDefault(models: readonly Model[]): Model | undefined {
  const usual = models.find((model) => model.default && !model.path && model.address);
  const choseAnother = models.some((model) => model.used && model.name !== 'mini');
  return choseAnother ? undefined : usual;
}

/** How much of the file has come, in percent. */
export function fetchedPercent(model: Model, bytesHere: number): number {
  return model.bytes > 0 ? Math.min(100, Math.floor((100 * bytesHere) / model.bytes)) : 0;
}
