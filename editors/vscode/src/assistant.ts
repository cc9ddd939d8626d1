// Completion by a model: its state in the language status menu, and its commands. Ghost text itself needs no code here, the
// language client registers it.

import * as vscode from "vscode";
import type { Middleware } from "vscode-languageclient/node";
import { SELECTOR } from "./client";

/** What the server says about the model: the parameters of `strizh/model`. */
export interface ModelStatus {
  state: "off" | "loading" | "ready" | "failed";
  name: string;
  parameters: number;
  memoryBytes: number;
  message: string;
  remote: string;
}

const EXPLAIN = "strizh.explain";
const LAST_REQUEST = "strizh.showLastRequest";
/** Commands about the place of the cursor; the server gets it as arguments. */
const AT_CURSOR = [EXPLAIN, "strizh.documentMethod", "strizh.generateFromComment"];

export class ModelStatusItem implements vscode.Disposable {
  readonly #item = vscode.languages.createLanguageStatusItem("strizh.model", SELECTOR);

  constructor() {
    this.#item.name = "Strizh AI";
    this.#item.command = {
      command: "workbench.action.openSettings",
      title: vscode.l10n.t("Settings"),
      arguments: ["strizh.ai"],
    };
    this.show({ state: "off", name: "", parameters: 0, memoryBytes: 0, message: "", remote: "" });
  }

  show(status: ModelStatus): void {
    const item = this.#item;
    item.text = describe(status);
    item.detail = [details(status), status.message, status.remote].filter(Boolean).join(" · ");
    item.busy = status.state === "loading";
    item.severity =
      status.state === "failed" ? vscode.LanguageStatusSeverity.Warning : vscode.LanguageStatusSeverity.Information;
  }

  dispose(): void {
    this.#item.dispose();
  }
}

function describe(status: ModelStatus): string {
  switch (status.state) {
    case "off":
      return vscode.l10n.t("Strizh AI: off");
    case "loading":
      return vscode.l10n.t("Strizh AI: loading");
    case "ready":
      return `Strizh AI: ${status.name}`;
    case "failed":
      return vscode.l10n.t("Strizh AI: the model cannot be used");
  }
}

function details(status: ModelStatus): string {
  if (status.state !== "ready" || !status.parameters) return "";
  const millions = (status.parameters / 1e6).toFixed(1);
  const megabytes = Math.round(status.memoryBytes / 2 ** 20);
  return vscode.l10n.t("{0} M parameters, {1} MB", millions, megabytes);
}

/** Adds the place of the cursor to commands that are started by name, and shows what they answer. */
export const commandMiddleware: Middleware = {
  async executeCommand(command, args, next) {
    const result: unknown = await next(command, args.length ? args : argumentsOf(command));
    if (command === EXPLAIN && hasText(result, "markdown")) await showDocument("markdown", result.markdown);
    if (command === LAST_REQUEST && hasText(result, "text")) await showDocument("plaintext", result.text);
    return result;
  },
};

function argumentsOf(command: string): unknown[] {
  const editor = vscode.window.activeTextEditor;
  if (!editor || !AT_CURSOR.includes(command)) return [];
  const { line, character } = editor.selection.active;
  return [editor.document.uri.toString(), { line, character }];
}

function hasText<K extends string>(value: unknown, key: K): value is Record<K, string> {
  return typeof value === "object" && value !== null && typeof (value as Record<K, unknown>)[key] === "string";
}

async function showDocument(language: string, content: string): Promise<void> {
  const document = await vscode.workspace.openTextDocument({ language, content });
  await vscode.window.showTextDocument(document, { viewColumn: vscode.ViewColumn.Beside, preview: true, preserveFocus: true });
}
