// The client-only settings. Everything else under `strizh` goes to the server as it is.

import * as vscode from "vscode";
import type { ServerCapabilities } from "vscode-languageclient/node";

export const SECTION = "strizh";
export const PATH_SETTING = `${SECTION}.server.path`;
const ENV_SETTING = `${SECTION}.server.extraEnv`;
const DISABLED_SETTING = `${SECTION}.server.disabledFeatures`;

/** What `strizh.server.disabledFeatures` may name: parts that another extension in the same window does as well. */
const FEATURES: Record<string, (keyof ServerCapabilities)[]> = {
  codeActions: ["codeActionProvider"],
  codeLens: ["codeLensProvider"],
  completion: ["completionProvider"],
  diagnostics: ["diagnosticProvider"],
  folding: ["foldingRangeProvider"],
  formatting: ["documentFormattingProvider", "documentRangeFormattingProvider", "documentOnTypeFormattingProvider"],
  hover: ["hoverProvider"],
  inlayHints: ["inlayHintProvider"],
  inlineCompletion: ["inlineCompletionProvider"],
  navigation: ["definitionProvider", "declarationProvider", "typeDefinitionProvider", "implementationProvider", "referencesProvider"],
  rename: ["renameProvider", "linkedEditingRangeProvider"],
  semanticTokens: ["semanticTokensProvider"],
  signatureHelp: ["signatureHelpProvider"],
  symbols: ["documentSymbolProvider", "workspaceSymbolProvider"],
};

export function configuredServerPath(): string {
  return vscode.workspace.getConfiguration().get<string>(PATH_SETTING, "").trim();
}

export function extraEnv(): Record<string, string> {
  return vscode.workspace.getConfiguration().get<Record<string, string>>(ENV_SETTING, {});
}

/** The whole section: the initialization options of the server. */
export function serverSettings(): unknown {
  return vscode.workspace.getConfiguration(SECTION);
}

/** Forgets what the server offers and the user has left to another extension. */
export function removeDisabled(capabilities: ServerCapabilities): void {
  const disabled = vscode.workspace.getConfiguration().get<string[]>(DISABLED_SETTING, []);
  for (const feature of disabled) {
    for (const capability of FEATURES[feature] ?? []) delete capabilities[capability];
  }
}

/** Whether a change takes effect only when the server process is started again. */
export function needsRestart(change: vscode.ConfigurationChangeEvent): boolean {
  return [PATH_SETTING, ENV_SETTING, DISABLED_SETTING].some((setting) => change.affectsConfiguration(setting));
}
