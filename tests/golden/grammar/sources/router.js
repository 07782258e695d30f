'use strict';
// Routes of a small web server.
import { readFile } from 'node:fs/promises';
import path, { join as joinPath } from 'node:path';

const kTypes = { '.html': 'text/html', '.js': "text/javascript", '.png': `image/png` };
let counter = 0;

/** A route: pattern and what to do. */
class Route {
  #pattern;
  static all = new Map();

  constructor(pattern, handler) {
    this.#pattern = pattern instanceof RegExp ? pattern : new RegExp(`^${pattern}/?$`);
    this.handler = handler;
    Route.all.set(pattern, this);
  }

  get pattern() {
    return this.#pattern;
  }

  matches(url) {
    const found = this.#pattern.exec(url);
    if (!found) return null;
    const { groups = {} } = found;
    return { ...groups, url };
  }
}

export async function serveFile(root, name) {
  const file = joinPath(root, name.replace(/\.\.[/\\]/g, ''));
  try {
    const body = await readFile(file);
    return { status: 200, type: kTypes[path.extname(file)] ?? 'text/plain', body };
  } catch (error) {
    if (error.code !== 'ENOENT') throw error;
    return { status: 404, body: `no ${name} (it isn't there)` };
  } finally {
    counter += 1;
  }
}

export function* walk(tree, depth = 0) {
  if (depth > 10) return;
  for (const [name, child] of Object.entries(tree)) {
    yield { name, depth };
    if (typeof child === 'object') yield* walk(child, depth + 1);
  }
}

export const find = (routes, url) => {
  for (let i = 0; i < routes.length; i++) {
    const match = routes[i].matches(url);
    if (match) {
      return [routes[i], match];
    }
  }
  return undefined;
};

function debounce(callback, milliseconds = 100) {
  let timer;
  return function (...args) {
    clearTimeout(timer);
    timer = setTimeout(() => {
      callback.apply(this, args);
    }, milliseconds);
  };
}

const routes = [
  new Route('/files/(?<name>[^/]+)', ({ name }) => serveFile('public', name)),
  new Route(/^\/count$/, async () => ({ status: 200, body: String(counter) })),
];

export default async function handle(request, response) {
  const [route, params] = find(routes, request.url) ?? [];
  if (!route) {
    response.writeHead(404).end();
    return;
  }
  switch (request.method) {
    case 'GET':
    case 'HEAD': {
      const { status, type, body } = await route.handler(params);
      response.writeHead(status, { 'Content-Type': type });
      response.end(request.method === 'HEAD' ? '' : body);
      break;
    }
    default:
      response.writeHead(405, 'Method "not" allowed');
      response.end();
  }
  const ratio = counter / 2 > 1 ? counter / 100 : 0;
  debounce(() => console.log(`${counter} requests, ratio ${ratio.toFixed(2)}`), 50)();
}
