// Bundles the extension into dist/ and collects the licences of the packages that got into the bundle.

import { readdir, readFile, writeFile } from "node:fs/promises";
import { build } from "esbuild";

const CLIENT = "vscode-languageclient/node";
const common = {
  bundle: true,
  format: "cjs",
  metafile: true,
  minify: true,
  platform: "node",
  target: "node20",
};
// The client of the protocol is a file of its own, which is neither read nor parsed before the extension is active.
const apart = {
  name: "client apart",
  setup: ({ onResolve }) => onResolve({ filter: new RegExp(`^${CLIENT}$`) }, () => ({ path: "./client.js", external: true })),
};
const built = await Promise.all([
  build({ ...common, entryPoints: ["src/extension.ts"], outfile: "dist/extension.js", external: ["vscode"], plugins: [apart] }),
  build({ ...common, entryPoints: [CLIENT], outfile: "dist/client.js", external: ["vscode"] }),
]);

const folders = new Set(
  built.flatMap(({ metafile }) => Object.keys(metafile.inputs)).flatMap((input) => input.match(/^.*node_modules\/(?:@[^/]+\/)?[^/]+/) ?? []),
);
const notices = await Promise.all([...folders].sort().map(notice));
await writeFile("dist/third-party-licenses.txt", notices.join("\n"));

async function notice(folder) {
  const { name, version, license } = JSON.parse(await readFile(`${folder}/package.json`, "utf8"));
  const file = (await readdir(folder)).find((entry) => /^licen[cs]e/i.test(entry));
  if (!file) throw new Error(`${folder} has no licence file`);
  return `${name} ${version} (${license})\n\n${(await readFile(`${folder}/${file}`, "utf8")).trim()}\n`;
}
