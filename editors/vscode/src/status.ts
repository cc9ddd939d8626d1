// The entry of the language status menu (`{}` in the status bar): state and version of the server.

import * as vscode from "vscode";
import { SELECTOR } from "./client";
import type { SessionState } from "./client";

const EXTENSION_NAME = "Strizh BSL";

export class Status implements vscode.Disposable {
  readonly #item = vscode.languages.createLanguageStatusItem("strizh.status", SELECTOR);

  constructor() {
    this.#item.name = EXTENSION_NAME;
    this.show({ kind: "stopped" });
  }

  show(state: SessionState): void {
    const item = this.#item;
    const view = describe(state);
    item.text = view.text;
    item.detail = view.detail ?? "";
    item.busy = state.kind === "starting";
    item.severity = view.severity;
    item.command = view.command;
  }

  dispose(): void {
    this.#item.dispose();
  }
}

interface View {
  text: string;
  detail?: string;
  severity: vscode.LanguageStatusSeverity;
  command: vscode.Command;
}

function describe(state: SessionState): View {
  const { Information, Warning, Error } = vscode.LanguageStatusSeverity;
  switch (state.kind) {
    case "starting":
      return { text: vscode.l10n.t("Strizh: starting"), severity: Information, command: showOutput() };
    case "ready":
      return {
        text: `Strizh ${state.version}`.trimEnd(),
        detail: vscode.l10n.t("ready"),
        severity: Information,
        command: restart(),
      };
    case "stopped":
      return { text: vscode.l10n.t("Strizh: stopped"), severity: Warning, command: restart() };
    case "failed":
      return {
        text: vscode.l10n.t("Strizh: error"),
        detail: state.reason,
        severity: Error,
        command: showOutput(),
      };
  }
}

function restart(): vscode.Command {
  return { command: "strizh.restartServer", title: vscode.l10n.t("Restart") };
}

function showOutput(): vscode.Command {
  return { command: "strizh.showOutput", title: vscode.l10n.t("Show Output") };
}
