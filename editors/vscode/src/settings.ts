// The client-only settings. Everything else under `strizh` goes to the server as it is.

import * as vscode from "vscode";

export const SECTION = "strizh";
export const PATH_SETTING = `${SECTION}.server.path`;
export const ENV_SETTING = `${SECTION}.server.extraEnv`;

export function configuredServerPath(): string {
  return vscode.workspace.getConfiguration().get<string>(PATH_SETTING, "").trim();
}

export function extraEnv(): Record<string, string> {
  const entries = Object.entries(
    vscode.workspace.getConfiguration().get<Record<string, unknown>>(ENV_SETTING, {}),
  );
  return Object.fromEntries(entries.map(([name, value]) => [name, String(value)]));
}

/** The whole section: the initialization options of the server. */
export function serverSettings(): unknown {
  return vscode.workspace.getConfiguration(SECTION);
}

/** Whether a change takes effect only when the server process is started again. */
export function needsRestart(change: vscode.ConfigurationChangeEvent): boolean {
  return change.affectsConfiguration(PATH_SETTING) || change.affectsConfiguration(ENV_SETTING);
}
