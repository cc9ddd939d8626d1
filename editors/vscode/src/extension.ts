// Entry point: starts the server, shows its state and maps the commands. No language logic lives here.

import * as vscode from "vscode";
import type { Session } from "./client";
import { openReport, showMenu, showReferences, showRuleHelp, startRename } from "./commands";
import { findServer, ServerNotFound } from "./server";
import { needsRestart, PATH_SETTING } from "./settings";
import { Status } from "./status";

const OTHER_EXTENSION = "1c-syntax.language-1c-bsl";
const ASKED_KEY = "askedAboutOtherExtension";
let session: Promise<Session> | undefined;

export function activate(context: vscode.ExtensionContext): void {
  const output = vscode.window.createOutputChannel("Strizh BSL", { log: true });
  const status = new Status();
  // The client of the protocol takes longer to load than all the rest: the editor gets its turn first.
  const load = async () => new (await import("./client")).Session(context.extension, output, status);
  const current = (session = new Promise(setImmediate).then(load));
  const asking = (action: (session: Session) => Promise<void>) => reporting(current.then(action), output);
  const command = (name: string, action: (...args: never[]) => unknown) => vscode.commands.registerCommand(`strizh.${name}`, action);

  context.subscriptions.push(
    output,
    status,
    { dispose: () => void current.then((it) => it.dispose()) },
    // The server decides with this what settings of the folder may do.
    vscode.workspace.onDidGrantWorkspaceTrust(() => asking((it) => it.restart())),
    command("restartServer", () => asking((it) => it.restart())),
    command("stopServer", () => asking((it) => it.stop())),
    command("showOutput", () => output.show()),
    command("serverVersion", () => asking((it) => showVersion(it, context.extension))),
    command("modelInfo", () => asking(showModel)),
    command("openReport", () => reporting(openReport(context.extension), output)),
    command("menu", () => showMenu(context.extension)),
    command("ruleDocs", showRuleHelp),
    command("rename", startRename),
    command("showReferences", showReferences),
    vscode.workspace.onDidChangeConfiguration((change) => {
      if (needsRestart(change)) void asking((it) => it.restart());
    }),
  );
  void asking((it) => it.start());
  void mentionOtherExtension(context);
}

export async function deactivate(): Promise<void> {
  await (await session)?.stop();
}

async function showVersion({ version }: Session, extension: vscode.Extension<unknown>): Promise<void> {
  const { file } = await findServer(extension);
  const text = version ? vscode.l10n.t("Strizh {0} is running: {1}", version, file) : vscode.l10n.t("Strizh is not running: {0}", file);
  void vscode.window.showInformationMessage(text);
}

async function showModel(current: Session): Promise<void> {
  const settings = vscode.l10n.t("Settings");
  const text = (await current.model())?.text ?? vscode.l10n.t("Strizh is not running.");
  const answer = await vscode.window.showInformationMessage(text, settings);
  if (answer) await vscode.commands.executeCommand("workbench.action.openSettings", "strizh.ai");
}

/** Two extensions for one language show everything twice; said once per user. */
async function mentionOtherExtension(context: vscode.ExtensionContext): Promise<void> {
  if (!vscode.extensions.getExtension(OTHER_EXTENSION) || context.globalState.get(ASKED_KEY)) return;
  await context.globalState.update(ASKED_KEY, true);
  const choose = vscode.l10n.t("Choose Parts");
  const text = vscode.l10n.t("Another extension for BSL is enabled. Strizh can leave parts of its work to it.");
  const answer = await vscode.window.showInformationMessage(text, choose);
  if (answer) await vscode.commands.executeCommand("workbench.action.openSettings", "strizh.server.disabledFeatures");
}

/** Shows the error of an action with the buttons that help to repair it. */
function reporting(action: Promise<void>, output: vscode.LogOutputChannel): Promise<void> {
  // It is open until the user answers; nothing may wait for that.
  return action.catch((error: unknown) => void offerRepair(error, output));
}

async function offerRepair(error: unknown, output: vscode.LogOutputChannel): Promise<void> {
  const [setPath, retry, showOutput] = [vscode.l10n.t("Set Path"), vscode.l10n.t("Retry"), vscode.l10n.t("Show Output")];
  const message = error instanceof Error ? error.message : String(error);
  const text = error instanceof ServerNotFound ? message : vscode.l10n.t("Strizh: the language server failed. {0}", message);
  const answer = await vscode.window.showErrorMessage(text, setPath, retry, showOutput);
  if (answer === setPath) await vscode.commands.executeCommand("workbench.action.openSettings", PATH_SETTING);
  if (answer === retry) await vscode.commands.executeCommand("strizh.restartServer");
  if (answer === showOutput) output.show();
}
