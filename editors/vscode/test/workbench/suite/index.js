// Runs the files *.test.js beside it with mocha and writes what happened to the file TEST_RESULT. SUITE=a leaves only those that
// begin so.

const { readdirSync, writeFileSync } = require("node:fs");
const path = require("node:path");
const Mocha = require("mocha");

exports.run = () =>
  new Promise((resolve, reject) => {
    const mocha = new Mocha({ ui: "tdd", timeout: 120_000 });
    for (const file of readdirSync(__dirname).sort()) if (file.endsWith(".test.js") && file.startsWith(process.env.SUITE ?? "")) mocha.addFile(path.join(__dirname, file));
    const lines = [];
    const runner = mocha.run((failed) => (failed ? reject(new Error(`${failed} failed`)) : resolve()));
    runner.on("pass", (test) => lines.push(`ok ${test.fullTitle()}`));
    runner.on("fail", (test, error) => lines.push(`not ok ${test.fullTitle()}: ${error.stack ?? error}`));
    runner.on("end", () => {
      const { passes, failures } = runner.stats;
      writeFileSync(process.env.TEST_RESULT, `${lines.join("\n")}\n${passes} passed, ${failures} failed\n`);
    });
  });
