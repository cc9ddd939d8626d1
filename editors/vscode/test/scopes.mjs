// Tokenizes text with the grammars of this extension, as the editor does.

import { readFile } from "node:fs/promises";
import { createRequire } from "node:module";
import oniguruma from "vscode-oniguruma";
import textmate from "vscode-textmate";

const wasm = createRequire(import.meta.url).resolve("vscode-oniguruma/release/onig.wasm");
await oniguruma.loadWASM((await readFile(wasm)).buffer);

const registry = new textmate.Registry({
  onigLib: Promise.resolve({
    createOnigScanner: (patterns) => new oniguruma.OnigScanner(patterns),
    createOnigString: (text) => new oniguruma.OnigString(text),
  }),
  loadGrammar: async (scope) => {
    const file = new URL(`../syntaxes/${scope.replace("source.", "")}.tmLanguage.json`, import.meta.url);
    return textmate.parseRawGrammar(await readFile(file, "utf8"), file.pathname);
  },
});

/** Every token as `{ text, scopes }`, blanks left out; `scopes` is one string, outermost first. */
export async function tokenize(scopeName, source) {
  const grammar = await registry.loadGrammar(scopeName);
  let state = textmate.INITIAL;
  return source.split(/\r?\n/).flatMap((line) => {
    const result = grammar.tokenizeLine(line, state);
    state = result.ruleStack;
    return result.tokens
      .map(({ startIndex, endIndex, scopes }) => ({
        text: line.slice(startIndex, endIndex).trim(),
        scopes: scopes.slice(1).join(" "),
      }))
      .filter(({ text }) => text !== "");
  });
}
