// Bundles the extension into dist/ and collects the licences of the packages that got into the bundle.

import { readdir, readFile, writeFile } from "node:fs/promises";
import { build } from "esbuild";

const { metafile } = await build({
  bundle: true,
  entryPoints: ["src/extension.ts"],
  external: ["vscode"],
  format: "cjs",
  metafile: true,
  minify: true,
  outfile: "dist/extension.js",
  platform: "node",
  target: "node20",
});

const folders = new Set(
  Object.keys(metafile.inputs).flatMap((input) => input.match(/^.*node_modules\/(?:@[^/]+\/)?[^/]+/) ?? []),
);
const notices = await Promise.all([...folders].sort().map(notice));
await writeFile("dist/third-party-licenses.txt", notices.join("\n"));

async function notice(folder) {
  const { name, version, license } = JSON.parse(await readFile(`${folder}/package.json`, "utf8"));
  const file = (await readdir(folder)).find((entry) => /^licen[cs]e/i.test(entry));
  if (!file) throw new Error(`${folder} has no licence file`);
  return `${name} ${version} (${license})\n\n${(await readFile(`${folder}/${file}`, "utf8")).trim()}\n`;
}
