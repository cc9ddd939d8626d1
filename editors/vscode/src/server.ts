// Where the server binary is. Order: environment, setting, PATH, the binary inside the extension.

import { execFile } from "node:child_process";
import { constants } from "node:fs";
import { access, stat } from "node:fs/promises";
import { homedir } from "node:os";
import * as path from "node:path";
import { promisify } from "node:util";
import * as vscode from "vscode";
import { configuredServerPath, extraEnv } from "./settings";

const EXECUTABLE = process.platform === "win32" ? "strizh.exe" : "strizh";
const ENVIRONMENT = "STRIZH_SERVER";
const VERSION_TIMEOUT_MS = 5_000;

/** No usable binary; the message is shown to the user. */
export class ServerNotFound extends Error {}

export interface Server {
  file: string;
  /** Why it may not fit this extension. */
  warning?: string;
}

export async function findServer(extension: vscode.Extension<unknown>, log?: (line: string) => void): Promise<Server> {
  const wanted = String(extension.packageJSON.version);
  const chosen = process.env[ENVIRONMENT]?.trim() || configuredServerPath();
  if (chosen) {
    const file = expand(chosen);
    if (!(await isExecutable(file))) {
      throw new ServerNotFound(vscode.l10n.t("Strizh: the configured server is missing or not executable: {0}", file));
    }
    const found = await versionOf(file);
    if (fits(found, wanted)) return { file };
    return { file, warning: vscode.l10n.t("the server is {0}, the extension {1}", found || "?", wanted) };
  }
  for (const folder of pathFolders()) {
    const file = path.join(folder, EXECUTABLE);
    if (!(await isExecutable(file))) continue;
    const found = await versionOf(file);
    if (fits(found, wanted)) return { file };
    log?.(`passed over ${file}: its version is ${found || "unknown"}, the extension is ${wanted}`);
  }
  const bundled = path.join(extension.extensionPath, "server", EXECUTABLE);
  if (await isExecutable(bundled)) return { file: bundled };
  throw new ServerNotFound(
    vscode.l10n.t(
      "Strizh: the language server was not found. This package contains no binary for your platform, and there is no fitting `strizh` in PATH.",
    ),
  );
}

/** The number in the first line of `strizh --version`; empty if the file is something else. */
async function versionOf(file: string): Promise<string> {
  const options = { env: { ...process.env, ...extraEnv() }, timeout: VERSION_TIMEOUT_MS };
  const said = await promisify(execFile)(file, ["--version"], options).catch(() => undefined);
  return said?.stdout.match(/^strizh (\d+\.\d+\.\d+\S*)/)?.[1] ?? "";
}

/** The protocol between the two changes with the first two numbers only. */
function fits(found: string, wanted: string): boolean {
  const release = (version: string) => version.split(".", 2).join(".");
  return release(found) === release(wanted);
}

function expand(file: string): string {
  const root = vscode.workspace.workspaceFolders?.[0]?.uri.fsPath ?? "";
  const expanded = file.replace("${workspaceFolder}", root).replace(/^~(?=[\\/])/, homedir());
  return path.resolve(root, expanded);
}

function pathFolders(): string[] {
  const variable = extraEnv()["PATH"] ?? process.env["PATH"] ?? "";
  // A relative entry would let the opened folder choose what runs.
  return variable.split(path.delimiter).filter((folder) => path.isAbsolute(folder));
}

async function isExecutable(file: string): Promise<boolean> {
  try {
    await access(file, constants.X_OK);
    return (await stat(file)).isFile();
  } catch {
    return false;
  }
}
