// One server process at a time: start, stop and restart run one after another, in the order asked.

import * as vscode from "vscode";
import { ErrorAction, LanguageClient, RevealOutputChannelOn, State } from "vscode-languageclient/node";
import type { Executable, LanguageClientOptions, Middleware, StaticFeature } from "vscode-languageclient/node";
import { commandMiddleware } from "./commands";
import { findServer } from "./server";
import { extraEnv, removeDisabled, SECTION, serverSettings } from "./settings";
import { describeModel, describeReload, type AreaState, type ModelStatus, type ReloadEvent, type Status } from "./status";

const SELECTOR = [
  { scheme: "file", language: "bsl" },
  { scheme: "untitled", language: "bsl" },
];
const WATCHED = ["**/*.{bsl,os,xml,mdo}", "**/.bsl-language-server.json"];
const STOP_TIMEOUT_MS = 5_000;
const MODEL_METHOD = "strizh/model";
const RELOAD_METHOD = "strizh/reload";

/** Tells the server what the protocol has no word for, and leaves to other extensions what the user wants from them. */
const OWN_CAPABILITIES: StaticFeature = {
  fillClientCapabilities(capabilities) {
    const own = { renameCommand: true, modelStatus: true, reloadStatus: true, untrustedWorkspace: !vscode.workspace.isTrusted };
    capabilities.experimental = { ...(capabilities.experimental as object | undefined), ...own };
  },
  preInitialize: removeDisabled,
  initialize() {},
  getState: () => ({ kind: "static" }),
  clear() {},
};

export class Session implements vscode.Disposable {
  readonly #watchers = WATCHED.map((glob) => vscode.workspace.createFileSystemWatcher(glob));
  #client: LanguageClient | undefined;
  #queue: Promise<void> = Promise.resolve();
  #warning = "";

  constructor(
    private readonly extension: vscode.Extension<unknown>,
    private readonly output: vscode.LogOutputChannel,
    private readonly status: Status,
  ) {}

  /** What the running server says about itself; undefined when none is running. */
  get version(): string | undefined {
    return this.#client?.initializeResult?.serverInfo?.version;
  }

  async model(): Promise<AreaState | undefined> {
    const status = await this.#client?.sendRequest<ModelStatus>(MODEL_METHOD);
    return status && describeModel(status);
  }

  /** Rejects when no binary is found or the server does not initialize. */
  start(): Promise<void> {
    return this.#enqueue(() => this.#start());
  }

  stop(): Promise<void> {
    return this.#enqueue(() => this.#stop());
  }

  restart(): Promise<void> {
    return this.#enqueue(async () => {
      await this.#stop();
      await this.#start();
    });
  }

  dispose(): void {
    vscode.Disposable.from(...this.#watchers).dispose();
  }

  #enqueue(step: () => Promise<void>): Promise<void> {
    const done = this.#queue.then(step);
    this.#queue = done.catch(() => undefined); // the caller of this step reports its error
    return done;
  }

  async #start(): Promise<void> {
    if (this.#client?.isRunning()) return;
    this.#report(State.Starting);
    try {
      await this.#release();
      const { file, warning } = await findServer(this.extension, (line) => this.output.info(line));
      this.#warning = warning ?? "";
      this.output.info(`starting ${file} lsp`);
      this.#client = this.#newClient(file);
      await this.#client.start();
      // Commands of the manifest that this server has become visible in the palette.
      for (const command of this.#client.initializeResult?.capabilities.executeCommandProvider?.commands ?? []) {
        void vscode.commands.executeCommand("setContext", `${command}.available`, true);
      }
    } catch (error) {
      const reason = error instanceof Error ? error.message : String(error);
      this.output.error(reason);
      this.status.set("server", { level: "error", text: reason });
      throw error;
    }
  }

  async #stop(): Promise<void> {
    await this.#release();
    for (const area of ["indexing", "model", "reload", "profile"] as const) this.status.set(area, undefined);
    this.#report(State.Stopped);
  }

  async #release(): Promise<void> {
    const client = this.#client;
    this.#client = undefined;
    try {
      if (client?.state === State.Starting) await client.start(); // it cannot be stopped half-way
      await client?.dispose(STOP_TIMEOUT_MS);
    } catch (error) {
      // A server that crashed or did not initialize cannot be shut down in order.
      this.output.debug(`disposing of the client: ${String(error)}`);
    }
  }

  #newClient(command: string): LanguageClient {
    const executable: Executable = { command, args: ["lsp"], options: { env: { ...process.env, ...extraEnv() } } };
    const options: LanguageClientOptions = {
      documentSelector: SELECTOR,
      // By itself the client stops for good after several writes to a process whose end it has not noticed yet.
      errorHandler: { error: () => ({ action: ErrorAction.Continue }), closed: () => usual.closed() },
      initializationOptions: serverSettings(),
      middleware: { ...commandMiddleware, handleWorkDoneProgress: this.#showProgress },
      outputChannel: this.output,
      revealOutputChannelOn: RevealOutputChannelOn.Never,
      synchronize: { configurationSection: SECTION, fileEvents: this.#watchers },
    };
    const client = new LanguageClient(SECTION, "Strizh BSL", executable, options);
    const usual = client.createDefaultErrorHandler();
    client.registerFeature(OWN_CAPABILITIES);
    client.onNotification(MODEL_METHOD, (status: ModelStatus) => this.status.set("model", describeModel(status)));
    client.onNotification(RELOAD_METHOD, (event: ReloadEvent) => this.status.set("reload", describeReload(event)));
    // The client restarts a crashed server by itself a few times; this follows what it does.
    client.onDidChangeState(({ newState }) => {
      if (client === this.#client) this.#report(newState);
    });
    return client;
  }

  readonly #showProgress: NonNullable<Middleware["handleWorkDoneProgress"]> = (token, params, next) => {
    const text = ["title" in params ? params.title : "", params.message].filter(Boolean).join(": ");
    this.status.set("indexing", params.kind === "end" ? undefined : { level: "busy", text: text || "…" });
    next(token, params);
  };

  #report(state: State): void {
    const ready = [`Strizh ${this.version ?? ""}`.trimEnd(), vscode.l10n.t("ready"), this.#warning].filter(Boolean).join(" · ");
    const states: Record<State, AreaState> = {
      [State.Starting]: { level: "busy", text: vscode.l10n.t("starting") },
      [State.Running]: { level: this.#warning ? "warning" : "calm", text: ready },
      [State.Stopped]: { level: "warning", text: vscode.l10n.t("stopped") },
      [State.StartFailed]: { level: "error", text: vscode.l10n.t("See the output for the reason.") },
    };
    this.status.set("server", states[state]);
  }
}
