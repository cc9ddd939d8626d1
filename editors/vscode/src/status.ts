// The entry of the status bar: one line per area in its tooltip, the most important one in its text.

import * as vscode from "vscode";

/** What the server says about the model: the parameters of `strizh/model`. */
export interface ModelStatus {
  state: "off" | "loading" | "ready" | "failed";
  name: string;
  parameters: number;
  memoryBytes: number;
  message: string;
  remote: string;
}

/** A step of a hot reload: the parameters of `strizh/reload`. */
export interface ReloadEvent {
  state: string;
  metadata: string;
  message: string;
  elapsedMs: number;
}

export type Level = "calm" | "busy" | "warning" | "error";
export type Area = "server" | "indexing" | "model" | "reload" | "profile";

export interface AreaState {
  level: Level;
  text: string;
  /** Shown in the status bar itself, not only in its tooltip. */
  prominent?: boolean;
}

const ICONS: Record<Level, string> = { calm: "$(check)", busy: "$(sync~spin)", warning: "$(warning)", error: "$(error)" };
const LEVELS: Level[] = ["calm", "busy", "warning", "error"];

export class Status implements vscode.Disposable {
  readonly #item = vscode.window.createStatusBarItem("strizh.status", vscode.StatusBarAlignment.Right, 100);
  readonly #areas = new Map<Area, AreaState>();

  constructor() {
    this.#item.name = "Strizh BSL";
    this.#item.command = "strizh.menu";
    this.#item.show();
  }

  set(area: Area, state: AreaState | undefined): void {
    if (state) this.#areas.set(area, state);
    else this.#areas.delete(area);
    const states = [...this.#areas.values()];
    const worst = Math.max(0, ...states.map(({ level }) => LEVELS.indexOf(level)));
    const said = states.find(({ level, prominent }) => prominent || (worst > 0 && LEVELS.indexOf(level) === worst));
    this.#item.text = `${ICONS[LEVELS[worst] ?? "calm"]} Strizh${said ? `: ${said.text}` : ""}`;
    this.#item.tooltip = new vscode.MarkdownString(states.map(({ level, text }) => `${ICONS[level]} ${text}`).join("  \n"), true);
    this.#item.backgroundColor = worst > 1 ? new vscode.ThemeColor(`statusBarItem.${LEVELS[worst]}Background`) : undefined;
  }

  dispose(): void {
    this.#item.dispose();
  }
}

/** The last step stays in sight until the next one. */
export function describeReload({ state, metadata, message, elapsedMs }: ReloadEvent): AreaState {
  const isBusy = state === "pending" || state === "sending" || state === "queued";
  const isDone = ["applied", "unchanged", "planned", "coalesced"].includes(state);
  const level = isBusy ? "busy" : isDone ? "calm" : state === "unavailable" || state === "stale" ? "error" : "warning";
  const text = state === "applied" ? vscode.l10n.t("{0} reloaded in {1} ms", metadata, elapsedMs) : `${metadata}: ${message}`;
  return { level, text, prominent: true };
}

export function describeModel(status: ModelStatus): AreaState {
  const notes = [status.message, status.remote].filter(Boolean).join(" · ");
  const say = (level: Level, text: string): AreaState => ({ level, text: notes ? `${text} · ${notes}` : text });
  switch (status.state) {
    case "off":
      return say("calm", vscode.l10n.t("Model: off"));
    case "loading":
      return say("busy", vscode.l10n.t("Model: loading"));
    case "failed":
      return say("warning", vscode.l10n.t("Model: cannot be used"));
    case "ready": {
      const [millions, megabytes] = [(status.parameters / 1e6).toFixed(1), Math.round(status.memoryBytes / 2 ** 20)];
      return say("calm", vscode.l10n.t("Model: {0}, {1} M parameters, {2} MB", status.name, millions, megabytes));
    }
  }
}
