// Makes dist/extension.js of src/ and what it imports, and dist/THIRD_PARTY.txt of the licences of
// the packages that went into it. The project's own licence is copied here, since a package holds
// files of its folder only.
import { copyFileSync, existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { build } from 'esbuild';

const result = await build({
  entryPoints: ['src/extension.ts'],
  outfile: 'dist/extension.js',
  bundle: true,
  format: 'cjs',
  platform: 'node',
  target: 'node20',
  external: ['vscode'],
  minify: true,
  legalComments: 'none',
  metafile: true,
  // The cache of packages may be a link: licences are looked for below node_modules all the same.
  preserveSymlinks: true,
});

const packages = new Set();
for (const input of Object.keys(result.metafile.inputs)) {
  const match = /^(.*node_modules\/(?:@[^/]+\/)?[^/]+)\//.exec(input);
  if (match) packages.add(match[1]);
}
const parts = [...packages].sort().map((folder) => {
  const { name, version, license } = JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8'));
  const file = readdirSync(folder).find((entry) => /^licen[cs]e/i.test(entry));
  if (!file) throw new Error(`${folder}: no licence text: the bundle cannot be given away without`);
  return `${name} ${version} (${license})\n\n${readFileSync(join(folder, file), 'utf8').trim()}\n`;
});
writeFileSync('dist/THIRD_PARTY.txt', parts.join(`\n${'-'.repeat(72)}\n\n`));
if (existsSync('../../LICENSE')) copyFileSync('../../LICENSE', 'LICENSE');
