// Where the server binary is, and what it says about itself. Order: setting, bundled binary, PATH.

import { execFile } from "node:child_process";
import { constants } from "node:fs";
import { access, stat } from "node:fs/promises";
import { homedir } from "node:os";
import * as path from "node:path";
import { promisify } from "node:util";
import * as vscode from "vscode";
import { configuredServerPath, extraEnv } from "./settings";

const EXECUTABLE = process.platform === "win32" ? "strizh.exe" : "strizh";
const VERSION_TIMEOUT_MS = 5_000;

/** No usable binary; the message is shown to the user. */
export class ServerNotFound extends Error {}

export async function findServer(extensionRoot: string): Promise<string> {
  const configured = configuredServerPath();
  if (configured) {
    const file = expand(configured);
    if (await isExecutable(file)) return file;
    throw new ServerNotFound(
      vscode.l10n.t("Strizh: the file in `strizh.server.path` is missing or not executable: {0}", file),
    );
  }
  for (const folder of [path.join(extensionRoot, "server"), ...pathFolders()]) {
    const file = path.join(folder, EXECUTABLE);
    if (await isExecutable(file)) return file;
  }
  throw new ServerNotFound(
    vscode.l10n.t(
      "Strizh: the language server was not found. This package contains no binary for your platform, and there is no `strizh` in PATH.",
    ),
  );
}

/** The first line of `strizh --version`. */
export async function binaryVersion(file: string): Promise<string> {
  const { stdout } = await promisify(execFile)(file, ["--version"], {
    env: { ...process.env, ...extraEnv() },
    timeout: VERSION_TIMEOUT_MS,
  });
  return stdout.trim().split(/\r?\n/, 1)[0] ?? "";
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
