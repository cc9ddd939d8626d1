// The host of hot reloads beside the workbench: it runs a copy of the configuration, so new code reaches it by the network only.

import { spawn } from "node:child_process";
import { chmodSync, cpSync, createWriteStream, mkdirSync, writeFileSync } from "node:fs";
import path from "node:path";

const PATIENCE_MS = 30_000;

export class Host {
  said = "";
  #process;

  /** Calls `method` now and after every reload; what it says goes to host.log beside the workspace, too. */
  static async start(workspace, method) {
    const host = new Host();
    const beside = path.dirname(workspace);
    cpSync(workspace, path.join(beside, "running"), { recursive: true });
    const words = ["run", path.join(beside, "running"), "--listen", "127.0.0.1:0", "--call", method];
    const stdio = ["ignore", "pipe", "inherit"];
    host.#process = spawn(process.env.SERVER, [...words, "--audit", path.join(beside, "host.jsonl")], { stdio });
    const log = createWriteStream(path.join(beside, "host.log"));
    host.#process.stdout.setEncoding("utf8").on("data", (text) => {
      host.said += text;
      log.write(text);
    });
    const [, address] = await host.says(/^(http:\S+)$/m);
    configure(workspace, address);
    return host;
  }

  /** Waits for it. */
  async says(wanted) {
    for (const deadline = Date.now() + PATIENCE_MS; Date.now() < deadline; ) {
      const found = this.said.match(wanted);
      if (found) return found;
      await new Promise((resolve) => setTimeout(resolve, 20));
    }
    throw new Error(`the host does not say ${wanted}, but:\n${this.said}`);
  }

  stop() {
    this.#process.kill();
  }
}

/** The user's own file that names the infobase of a workspace; nobody else may write to it. */
function configure(workspace, server) {
  const folder = path.join(process.env.XDG_CONFIG_HOME, "strizh");
  const file = path.join(folder, "infobase.json");
  mkdirSync(folder, { recursive: true });
  const http = { server, token: { environment: "STRIZH_RELOAD_TOKEN" } };
  writeFileSync(file, JSON.stringify({ workspaces: { [workspace]: { user: "anna", role: "developer", transport: "http", http } } }));
  chmodSync(file, 0o600);
}
