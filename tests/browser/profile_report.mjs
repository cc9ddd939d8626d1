// Opens pages of `strizh profile report --format html` in Chromium and tries everything that a reader can do there.
//
//   CHROMIUM=/usr/bin/chromium PLAYWRIGHT=path/to/node_modules/playwright-core node profile_report.mjs PAGE.html…
//
// SHOTS=folder also keeps pictures. Ends with code 1 and the first failure; any request and any message of the
// browser is one.
import assert from 'node:assert/strict';
import { mkdtempSync, rmSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { pathToFileURL } from 'node:url';

const require = createRequire(import.meta.url);
const { chromium } = require(process.env.PLAYWRIGHT ? path.resolve(process.env.PLAYWRIGHT) : 'playwright-core');

const pages = process.argv.slice(2);
if (pages.length === 0) {
  console.error('usage: node profile_report.mjs PAGE.html…');
  process.exit(2);
}

const profile = mkdtempSync(path.join(tmpdir(), 'strizh-chromium-'));
const browser = await chromium.launchPersistentContext(profile, {
  executablePath: process.env.CHROMIUM,
  headless: true,
  args: ['--no-sandbox'],
  viewport: { width: 1280, height: 900 },
});
try {
  for (const file of pages) {
    await check(file);
    console.log(`ok ${file}`);
  }
} finally {
  await browser.close();
  rmSync(profile, { recursive: true, force: true });
}

async function check(file) {
  const page = await browser.newPage();
  const problems = [];
  const address = pathToFileURL(path.resolve(file)).href;
  page.on('console', (message) => problems.push(`console: ${message.text()}`));
  page.on('pageerror', (error) => problems.push(`error: ${error.message}`));
  page.on('dialog', (dialog) => problems.push(`dialog: ${dialog.message()}`));
  page.on('request', (request) => {
    if (request.url() !== address) problems.push(`request: ${request.url()}`);
  });
  await page.goto(address);
  await checkFlame(page);
  await checkSearch(page);
  await checkSorting(page);
  await checkGroups(page);
  await checkFilter(page);
  if (process.env.SHOTS) {
    await page.screenshot({ path: path.join(process.env.SHOTS, `${path.basename(file)}.png`), fullPage: true });
  }
  assert.deepEqual(problems, []);
  await page.close();
}

// The graph is there, a click zooms into a place, the button goes back.
async function checkFlame(page) {
  assert.match(await page.locator('#summary').textContent(), /\d/);
  const boxes = page.locator('#flame g');
  const all = await boxes.count();
  assert.ok(all >= 3, `${all} boxes`);
  const width = async (index) => (await boxes.nth(index).locator('rect').boundingBox()).width;
  const whole = await width(0);
  assert.ok(whole > 600, `the whole is ${whole} wide`);
  const inner = await page.evaluate(() => {
    const found = [...document.querySelectorAll('#flame g')];
    return found.findIndex((group, index) => index > 0 && group.querySelector('rect').getAttribute('width') > 100);
  });
  assert.ok(inner > 0, 'a box inside');
  const label = await boxes.nth(inner).getAttribute('aria-label');
  await boxes.nth(inner).hover();
  assert.equal(await page.locator('#details').textContent(), label);
  assert.equal(await page.locator('#reset').isVisible(), false);
  await boxes.nth(inner).click();
  const widths = await boxes.evaluateAll(
    (groups, wanted) =>
      groups
        .filter((group) => group.getAttribute('aria-label') === wanted)
        .map((group) => group.querySelector('rect').getBoundingClientRect().width),
    label,
  );
  assert.ok(widths.some((found) => Math.abs(found - whole) < 1), `the box fills the width: ${widths} of ${whole}`);
  assert.ok((await page.locator('#flame g.dim').count()) > 0, 'what is around is dim');
  await page.locator('#reset').click();
  assert.equal(await boxes.count(), all);
  await boxes.nth(inner).focus();
  await page.keyboard.press('Enter');
  assert.equal(await page.locator('#reset').isVisible(), true);
  await page.locator('#reset').click();
}

async function checkSearch(page) {
  const names = await page.locator('#flame g').evaluateAll((groups) => groups.map((group) => group.getAttribute('aria-label')));
  const word = names[names.length - 1].split(' · ')[0].toLowerCase();
  await page.locator('#search').fill(word);
  assert.ok((await page.locator('#flame g.found').count()) > 0, `found ${word}`);
  assert.match(await page.locator('#found').textContent(), /%/);
  await page.locator('#search').fill('');
  assert.equal(await page.locator('#flame g.found').count(), 0);
}

function cells(page, column) {
  const found = page.locator(`#table tbody tr td:nth-child(${column})`);
  return found.evaluateAll((all) => all.map((cell) => cell.textContent));
}

// Own time falls at first; a click turns the order around; names are in the order of the alphabet.
async function checkSorting(page) {
  const heads = page.locator('#table thead th');
  assert.equal(await heads.first().getAttribute('aria-sort'), 'descending');
  const shares = (await cells(page, 2)).map((text) => parseFloat(text.replace(',', '.')));
  assert.deepEqual(shares, [...shares].sort((left, right) => right - left));
  await heads.first().getByRole('button').click();
  assert.equal(await heads.first().getAttribute('aria-sort'), 'ascending');
  const rising = (await cells(page, 2)).map((text) => parseFloat(text.replace(',', '.')));
  assert.deepEqual(rising, [...rising].sort((left, right) => left - right));
  const count = await heads.count();
  await heads.last().getByRole('button').click();
  assert.equal(await heads.last().getAttribute('aria-sort'), 'ascending');
  const places = await page.locator('#table tbody tr').evaluateAll((rows) => rows.map((row) => row.lastChild.firstChild.textContent));
  const language = await page.evaluate(() => document.documentElement.lang);
  assert.deepEqual(places, [...places].sort((left, right) => left.localeCompare(right, language)));
  assert.ok(count >= 8);
  await heads.first().getByRole('button').click();
}

async function checkGroups(page) {
  const tabs = page.locator('#groups [role=tab]');
  assert.ok((await tabs.count()) >= 2);
  const before = await page.locator('#table tbody tr').count();
  await tabs.last().click();
  assert.equal(await tabs.last().getAttribute('aria-selected'), 'true');
  const modules = await page.locator('#table tbody tr').count();
  assert.ok(modules > 0 && modules <= before);
  await tabs.first().click();
  assert.equal(await page.locator('#table tbody tr').count(), before);
}

async function checkFilter(page) {
  await page.locator('#filter').fill('нет такого места');
  assert.equal(await page.locator('#table tbody tr').count(), 0);
  const place = await page.evaluate(() => JSON.parse(document.getElementById('data').textContent).lines[0].module);
  await page.locator('#filter').fill(place.toUpperCase());
  assert.ok((await page.locator('#table tbody tr').count()) > 0);
  await page.locator('#filter').fill('');
}
