// A typed store with subscriptions.
import type { Writable } from 'node:stream';

export type Listener<T> = (value: T, previous?: T) => void;
type Keys<T> = { readonly [K in keyof T]?: T[K] extends object ? Keys<T[K]> : boolean };

interface Options {
  name: string;
  limit?: number;
  readonly log: Writable | null;
  compare<T>(a: T, b: T): boolean;
}

enum Level {
  debug = 1,
  info,
  error = 'error'.length,
}

const defaults: Partial<Options> = { limit: 10, log: null };

export abstract class Store<T extends object> {
  private readonly listeners = new Set<Listener<T>>();
  protected static count = 0;

  constructor(private value: T, public readonly options: Options) {
    Store.count++;
  }

  abstract validate(value: T): asserts value is T;

  get(): T {
    return this.value;
  }

  set(value: T, level: Level = Level.info): boolean {
    const previous = this.value;
    if (this.options.compare(previous, value)) {
      return false;
    }
    this.validate(value);
    this.value = value;
    for (const listener of this.listeners) {
      listener(value, previous);
    }
    this.options.log?.write(`${this.options.name}: set at ${Level[level]}\n`);
    return true;
  }

  subscribe(listener: Listener<T>): () => void {
    this.listeners.add(listener);
    return () => {
      this.listeners.delete(listener);
    };
  }
}

export class MapStore<V> extends Store<Map<string, V>> {
  validate(value: unknown): asserts value is Map<string, V> {
    if (!(value instanceof Map)) throw new TypeError('not a map');
  }

  update(key: string, change: (old: V | undefined) => V): void {
    const next = new Map(this.get());
    next.set(key, change(next.get(key)));
    this.set(next);
  }
}

export function pick<T, K extends keyof T>(value: T, ...keys: K[]): Pick<T, K> {
  const result = {} as Pick<T, K>;
  for (const key of keys) {
    if (key in (value as object)) result[key] = value[key];
  }
  return result;
}

export async function load(url: string, { limit = 3 }: Options): Promise<string[]> {
  let tries = 0;
  while (tries++ < limit) {
    try {
      const answer = await fetch(url);
      const body = (await answer.json()) as { items: string[] };
      return body.items.filter((item): item is string => item !== '').map((s) => s.trim());
    } catch {
      continue;
    }
  }
  throw new Error(`gave up on ${url} after ${tries - 1} "tries"`);
}

const [first, , third = 'x'] = ['a', "it's", undefined];
export const settings = { ...defaults, first, third, nested: { deep: [1, 2, 3] as const } };
