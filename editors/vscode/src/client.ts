// One server process at a time: start, stop and restart run one after another, in the order asked.

import * as vscode from "vscode";
import { LanguageClient, RevealOutputChannelOn, State } from "vscode-languageclient/node";
import type { Executable, LanguageClientOptions, StaticFeature } from "vscode-languageclient/node";
import { commandMiddleware } from "./assistant";
import type { ModelStatus } from "./assistant";
import { findServer } from "./server";
import { extraEnv, SECTION, serverSettings } from "./settings";

export const SELECTOR = [
  { scheme: "file", language: "bsl" },
  { scheme: "untitled", language: "bsl" },
];
const WATCHED = ["**/*.{bsl,os,xml,mdo}", "**/.bsl-language-server.json"];
const STOP_TIMEOUT_MS = 5_000;
const MODEL_METHOD = "strizh/model";

/**
 * Tells the server what the protocol has no word for: `strizh.rename` exists (after a refactoring it starts the rename of
 * the new name), the state of the model is shown, and whether the user trusts the folder.
 */
const OWN_CAPABILITIES: StaticFeature = {
  fillClientCapabilities(capabilities) {
    capabilities.experimental = {
      ...(capabilities.experimental as object | undefined),
      renameCommand: true,
      modelStatus: true,
      untrustedWorkspace: !vscode.workspace.isTrusted,
    };
  },
  initialize() {},
  getState: () => ({ kind: "static" }),
  clear() {},
};

export type SessionState =
  | { kind: "starting" }
  | { kind: "ready"; version: string }
  | { kind: "stopped" }
  | { kind: "failed"; reason: string };

export class Session implements vscode.Disposable {
  readonly #extensionRoot: string;
  readonly #output: vscode.LogOutputChannel;
  readonly #stateChanged = new vscode.EventEmitter<SessionState>();
  readonly #modelChanged = new vscode.EventEmitter<ModelStatus>();
  readonly #watchers = WATCHED.map((glob) => vscode.workspace.createFileSystemWatcher(glob));
  #client: LanguageClient | undefined;
  #queue: Promise<void> = Promise.resolve();

  readonly onDidChangeState = this.#stateChanged.event;
  readonly onDidChangeModel = this.#modelChanged.event;

  constructor(extensionRoot: string, output: vscode.LogOutputChannel) {
    this.#extensionRoot = extensionRoot;
    this.#output = output;
  }

  /** The version that the running server reported; undefined when none is running. */
  get version(): string | undefined {
    return this.#client?.initializeResult?.serverInfo?.version;
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
    vscode.Disposable.from(this.#stateChanged, this.#modelChanged, ...this.#watchers).dispose();
  }

  #enqueue(step: () => Promise<void>): Promise<void> {
    const done = this.#queue.then(step);
    this.#queue = done.catch(() => undefined); // the caller of this step reports its error
    return done;
  }

  async #start(): Promise<void> {
    if (this.#client?.isRunning()) return;
    this.#stateChanged.fire({ kind: "starting" });
    try {
      await this.#release();
      const command = await findServer(this.#extensionRoot);
      this.#output.info(`starting ${command} lsp`);
      this.#client = this.#newClient(command);
      await this.#client.start();
    } catch (error) {
      const reason = error instanceof Error ? error.message : String(error);
      this.#output.error(reason);
      this.#stateChanged.fire({ kind: "failed", reason });
      throw error;
    }
  }

  async #stop(): Promise<void> {
    await this.#release();
    this.#stateChanged.fire({ kind: "stopped" });
  }

  async #release(): Promise<void> {
    const client = this.#client;
    this.#client = undefined;
    try {
      if (client?.state === State.Starting) await client.start(); // it cannot be stopped half-way
      await client?.dispose(STOP_TIMEOUT_MS);
    } catch (error) {
      // A server that crashed or did not initialize cannot be shut down in order.
      this.#output.debug(`disposing of the client: ${String(error)}`);
    }
  }

  #newClient(command: string): LanguageClient {
    const executable: Executable = {
      command,
      args: ["lsp"],
      options: { env: { ...process.env, ...extraEnv() } },
    };
    const options: LanguageClientOptions = {
      documentSelector: SELECTOR,
      initializationOptions: serverSettings(),
      middleware: commandMiddleware,
      outputChannel: this.#output,
      revealOutputChannelOn: RevealOutputChannelOn.Never,
      synchronize: { configurationSection: SECTION, fileEvents: this.#watchers },
    };
    const client = new LanguageClient(SECTION, "Strizh BSL", executable, options);
    client.registerFeature(OWN_CAPABILITIES);
    client.onNotification(MODEL_METHOD, (status: ModelStatus) => this.#modelChanged.fire(status));
    client.onDidChangeState(({ newState }) => {
      if (client === this.#client) this.#report(newState);
    });
    return client;
  }

  /** The client restarts a crashed server by itself a few times; this follows what it does. */
  #report(state: State): void {
    this.#stateChanged.fire(this.#sessionState(state));
  }

  #sessionState(state: State): SessionState {
    switch (state) {
      case State.Starting:
        return { kind: "starting" };
      case State.Running:
        return { kind: "ready", version: this.version ?? "" };
      case State.Stopped:
        return { kind: "stopped" };
      case State.StartFailed:
        return { kind: "failed", reason: vscode.l10n.t("See the output for the reason.") };
    }
  }
}
