// Reports in a real browser. Prints a line "ok - name" or "not ok - name" for every test; exits 1 if one failed.
//   XCHG_BUILD         build folder with bin/xchg and test/report_sample
//   XCHG_NODE_MODULES  where playwright-core, vega-lite and ajv are
//   XCHG_TEST_OUTPUT   folder for screenshots
//   CHROMIUM           the browser, if not /usr/bin/chromium
import assert from 'node:assert/strict';
import {execFileSync} from 'node:child_process';
import fs from 'node:fs';
import {createRequire} from 'node:module';
import os from 'node:os';
import path from 'node:path';
import {fileURLToPath, pathToFileURL} from 'node:url';

const root = path.dirname(path.dirname(fileURLToPath(import.meta.url)));
const build = process.env.XCHG_BUILD ?? path.join(root, 'build/release');
const output = process.env.XCHG_TEST_OUTPUT ?? path.join(root, 'build/test-output');
const modules = process.env.XCHG_NODE_MODULES ?? path.join(root, 'build/web/node_modules');
const require = createRequire(path.join(modules, 'resolve-from-here.js'));
const {chromium} = require('playwright-core');

const work = fs.mkdtempSync(path.join(os.tmpdir(), 'xchg-report-'));
fs.mkdirSync(output, {recursive: true});
let failed = 0;

async function test(name, body) {
  try {
    await body();
    console.log(`ok - ${name}`);
  } catch (error) {
    failed += 1;
    console.log(`${error.stack ?? error}\nnot ok - ${name}`);
  }
}

// --- the pages under test --------------------------------------------------------------------------------------------

function makePages() {
  const sample = path.join(work, 'sample.html');
  execFileSync(path.join(build, 'test/report_sample'), [path.join(build, 'share/xchg'), sample]);
  const tour = path.join(work, 'tour');
  execFileSync(path.join(build, 'bin/xchg'), ['tour', '--out', tour, '--quiet', '--threads', '2']);
  return [{name: 'sample', file: sample}, {name: 'tour', file: path.join(tour, 'index.html'), charts: path.join(tour, 'charts')}];
}

const specsOf = (page) => page.$$eval('figure.chart', (figures) => figures.map((figure) => ({
  id: figure.id, text: figure.querySelector('script[type="application/json"]').textContent})));

// Opens a page and notes everything it must not do.
async function open(browser, file, options = {}) {
  const {hash = '', ...contextOptions} = options;
  const context = await browser.newContext({viewport: {width: 1280, height: 900}, reducedMotion: 'reduce', ...contextOptions});
  const page = await context.newPage();
  const complaints = [];
  page.on('console', (message) => {
    if (['error', 'warning'].includes(message.type())) complaints.push(`console: ${message.text()}`);
  });
  page.on('pageerror', (error) => complaints.push(`error: ${error.message}`));
  page.on('request', (request) => {
    const url = request.url();
    if (url !== pathToFileURL(file).href && !url.startsWith('data:') && !url.startsWith('blob:')) complaints.push(`request: ${url}`);
  });
  await page.goto(pathToFileURL(file).href + hash);
  if (contextOptions.javaScriptEnabled !== false) await drawn(page);
  return {page, context, complaints};
}

const drawn = (page) => page.waitForSelector('html[data-charts="drawn"]', {state: 'attached', timeout: 30000});

// --- what is asked of every page ---------------------------------------------------------------------------------------

// How much each chart draws: marks in an SVG, pixels that differ from the first on a canvas.
const measureCharts = (page) => page.$$eval('figure.chart', (figures) => figures.map((figure) => {
  const svg = figure.querySelector('.plot svg'), canvas = figure.querySelector('.plot canvas');
  if (svg) {
    const marks = [...svg.querySelectorAll('[class*="mark-"] path, [class*="mark-"] image, [class*="mark-"] text')]
      .filter((mark) => !mark.closest('.role-axis, .role-legend, .role-frame > .background') && !mark.classList.contains('background'))
      .filter((mark) => { const box = mark.getBoundingClientRect(); return box.width > 0 || box.height > 0; });
    const box = svg.getBoundingClientRect();
    return {id: figure.id, kind: 'svg', marks: marks.length, width: box.width, height: box.height, room: figure.querySelector('.plot').clientWidth};
  }
  const {width, height} = canvas;
  const copy = new OffscreenCanvas(width, height).getContext('2d', {willReadFrequently: true});
  copy.drawImage(canvas, 0, 0);
  const pixels = new Uint32Array(copy.getImageData(0, 0, width, height).data.buffer);
  const colours = new Set(pixels);
  const box = canvas.getBoundingClientRect();
  return {id: figure.id, kind: 'canvas', marks: pixels.filter((pixel) => pixel !== pixels[0]).length, colours: colours.size, width: box.width, height: box.height, room: figure.querySelector('.plot').clientWidth};
}));

async function checkCharts(page) {
  const charts = await measureCharts(page);
  assert.ok(charts.length > 0, 'there is a chart');
  for (const chart of charts) {
    assert.ok(chart.marks > (chart.kind === 'svg' ? 0 : 500), `${chart.id} draws nothing (${chart.kind}: ${chart.marks})`);
    assert.ok(chart.kind === 'svg' || chart.colours > 3, `${chart.id} has ${chart.colours} colours`);
    assert.ok(chart.width <= chart.room + 1, `${chart.id} is ${chart.width} wide in ${chart.room}`);
    assert.ok(chart.width >= 180 && chart.height >= 40, `${chart.id} is ${chart.width} x ${chart.height}`);
  }
}

async function checkWidth(page) {
  const [scroll, view] = await page.evaluate(() => [document.documentElement.scrollWidth, document.documentElement.clientWidth]);
  assert.ok(scroll <= view, `the page is ${scroll} wide in a window of ${view}`);
}

// Texts whose contrast with what is behind them is below 4.5 (WCAG 2.1, 1.4.3; large ones: 3).
const faintTexts = (page) => page.evaluate(() => {
  const luminance = (rgb) => rgb.map((v) => v / 255).map((v) => v <= 0.04045 ? v / 12.92 : ((v + 0.055) / 1.055) ** 2.4)
    .reduce((sum, v, i) => sum + v * [0.2126, 0.7152, 0.0722][i], 0);
  const parse = (colour) => colour.match(/[\d.]+/g).map(Number);
  const background = (element) => {
    for (let at = element; at; at = at.parentElement) {
      const [r, g, b, a = 1] = parse(getComputedStyle(at).backgroundColor);
      if (a === 1) return [r, g, b];
    }
    return parse(getComputedStyle(document.body).backgroundColor).slice(0, 3);
  };
  const faint = [];
  const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  while (walker.nextNode()) {
    const element = walker.currentNode.parentElement;
    if (!walker.currentNode.data.trim() || !element.getClientRects().length || element.closest('script, style')) continue;
    const style = getComputedStyle(element);
    const inSvg = element.closest('svg');
    if (inSvg && style.fill === 'none') continue;
    const front = luminance(parse(inSvg ? style.fill : style.color).slice(0, 3)), back = luminance(background(element));
    const contrast = (Math.max(front, back) + 0.05) / (Math.min(front, back) + 0.05);
    if (contrast < (parseFloat(style.fontSize) >= 24 ? 3 : 4.5)) faint.push(`${contrast.toFixed(2)}: ${walker.currentNode.data.trim().slice(0, 40)}`);
  }
  return faint;
});

async function checkStructure(page) {
  const problems = await page.evaluate(() => {
    const found = [];
    if (document.documentElement.lang !== 'en') found.push('no language');
    for (const landmark of ['header', 'nav[aria-label]', 'main', 'footer'])
      if (document.querySelectorAll(`body ${landmark}`).length !== 1) found.push(`not one ${landmark}`);
    if (document.querySelectorAll('h1').length !== 1) found.push('not one h1');
    let level = 1;
    for (const heading of document.querySelectorAll('h1, h2, h3, h4')) {
      const own = Number(heading.tagName[1]);
      if (own > level + 1) found.push(`heading ${heading.textContent} skips a level`);
      level = own;
    }
    const ids = [...document.querySelectorAll('[id]')].map((element) => element.id);
    for (const id of new Set(ids)) if (ids.filter((other) => other === id).length > 1) found.push(`two elements are #${id}`);
    for (const element of document.querySelectorAll('[aria-labelledby], [aria-describedby]')) {
      for (const id of `${element.getAttribute('aria-labelledby') ?? ''} ${element.getAttribute('aria-describedby') ?? ''}`.trim().split(/\s+/))
        if (!document.getElementById(id)?.textContent.trim()) found.push(`${element.tagName} refers to ${id}`);
    }
    for (const figure of document.querySelectorAll('figure')) if (!figure.getAttribute('aria-labelledby')) found.push('a figure without label');
    for (const button of document.querySelectorAll('button')) if (!button.textContent.trim()) found.push('a button without name');
    for (const table of document.querySelectorAll('table')) if (!table.querySelector('thead th[scope=col]')) found.push('a table without header');
    return found;
  });
  assert.deepEqual(problems, []);
}

async function checkTexts(page) {
  const charts = await page.$$eval('figure.chart', (figures) => figures.map((figure) => ({
    id: figure.id, words: figure.querySelector('.words').innerText, rows: figure.querySelectorAll('tbody tr').length,
    visible: figure.querySelector('.words').getClientRects().length > 0})));
  for (const {id, words, rows, visible} of charts) {
    assert.ok(visible && words.length > 20, `${id} has no text equivalent: ${words}`);
    assert.ok(rows >= 1 && rows <= 100, `${id} shows ${rows} rows`);
  }
}

// --- the tests ---------------------------------------------------------------------------------------------------------

async function looks(browser, {name, file}) {
  for (const colorScheme of ['light', 'dark']) {
    for (const width of [1280, 360]) {
      await test(`${name}, ${colorScheme}, ${width} px: draws, fits, is readable, asks for nothing`, async () => {
        const {page, context, complaints} = await open(browser, file, {colorScheme, viewport: {width, height: 900}});
        await page.screenshot({path: path.join(output, `${name}-${colorScheme}-${width}.png`), fullPage: true});
        await checkCharts(page);
        await checkWidth(page);
        assert.deepEqual(await faintTexts(page), []);
        assert.deepEqual(complaints, []);
        const paper = await page.evaluate(() => getComputedStyle(document.body).backgroundColor);
        assert.equal(paper, colorScheme === 'light' ? 'rgb(255, 255, 255)' : 'rgb(21, 24, 28)');
        await context.close();
      });
    }
  }
}

// Chromium drops one of about ten downloads that follow each other at once; a person would click again.
async function clickForDownload(page, button) {
  for (let attempt = 1; ; ++attempt) {
    const download = page.waitForEvent('download', {timeout: 800}).catch((error) => error);
    await page.click(button);
    const result = await download;
    if (!(result instanceof Error)) return result;
    if (attempt === 3) throw result;
  }
}

async function behaves(browser, {name, file, charts}) {
  const {page, context, complaints} = await open(browser, file, {colorScheme: 'light'});
  await test(`${name}: landmarks, headings, labels and ids are in order`, () => checkStructure(page));
  await test(`${name}: every chart has its text equivalent and its data`, () => checkTexts(page));
  await test(`${name}: the contents lead to chapters and parts`, async () => {
    const links = await page.$$eval('nav a', (all) => all.map((link) => link.hash));
    assert.ok(links.length > 0);
    for (const hash of links) {
      await page.click(`nav a[href="${hash}"]`);
      await page.waitForFunction((id) => {
        const {top} = document.getElementById(id).getBoundingClientRect();
        return top >= -2 && (top < 120 || scrollY + innerHeight >= document.documentElement.scrollHeight - 2);
      }, hash.slice(1), {timeout: 5000});
    }
  });
  await test(`${name}: downloads are the data and the specification, byte for byte`, async () => {
    for (const {id, text} of await specsOf(page)) {
      for (const [kind, expected] of [['csv', JSON.parse(text).data.values], ['vl.json', text]]) {
        const download = await clickForDownload(page, `#${id} button[data-download="${kind}"]`);
        assert.equal(download.suggestedFilename(), `${id}.${kind}`);
        const bytes = fs.readFileSync(await download.path());
        assert.ok(bytes.equals(Buffer.from(expected)), `${id}.${kind} differs`);
        if (charts) assert.ok(bytes.equals(fs.readFileSync(path.join(charts, `${id}.${kind}`))), `${id}.${kind} differs from the file`);
      }
    }
  });
  await test(`${name}: the button changes the colours and draws anew`, async () => {
    const colour = () => page.evaluate(() => getComputedStyle(document.querySelector('.plot svg .role-axis-title text')).fill);
    const before = await colour();
    await page.click('#theme');
    await drawn(page);
    assert.equal(await page.evaluate(() => getComputedStyle(document.body).backgroundColor), 'rgb(21, 24, 28)');
    assert.notEqual(await colour(), before);
    await checkCharts(page);
  });
  await test(`${name}: charts follow the window's width`, async () => {
    await page.setViewportSize({width: 320, height: 700});
    // The width they were drawn with; the style sheet alone would only shrink the picture.
    await page.waitForFunction(() => [...document.querySelectorAll('.plot')].every((plot) => {
      const picture = plot.querySelector('svg, canvas');
      return Number.parseFloat(picture?.style.width || picture?.getAttribute('width')) <= plot.clientWidth + 1;
    }), null, {timeout: 10000});
    await drawn(page);
    await checkCharts(page);
    await checkWidth(page);
  });
  await test(`${name}: none of this complained or asked the network`, () => assert.deepEqual(complaints, []));
  await context.close();
  await test(`${name}: is readable without JavaScript`, async () => {
    const plain = await open(browser, file, {javaScriptEnabled: false});
    await checkTexts(plain.page);
    assert.equal(await plain.page.$$eval('.downloads', (all) => all.filter((one) => one.getClientRects().length).length), 0);
    await plain.context.close();
  });
}

async function isInert(browser, file) {
  const {page, context} = await open(browser, file);
  await test('sample: hostile texts stay texts', async () => {
    const shown = await page.$eval('#texts-title', (title) => title.textContent);
    assert.equal(shown, 'A title with "quotes", <b>tags</b>, </script><script>alert(1)</script> & ünïcödé 漢字');
    assert.equal(await page.$$eval('section b', (all) => all.length), 0);
    const legend = await page.$$eval('#texts-nasty .role-legend-label text', (all) => all.map((one) => one.textContent));
    assert.ok(legend.some((text) => text.includes('</script>')), legend.join());
  });
  await test('sample: the page forbids scripts that are not its own', async () => {
    const ran = await page.evaluate(() => {
      const script = document.createElement('script');
      script.textContent = 'window.injected = true';
      document.body.append(script);
      return window.injected === true;
    });
    assert.equal(ran, false);
  });
  await context.close();
}

async function specificationsAreValid(browser, pages) {
  const vegaLite = await import(pathToFileURL(require.resolve('vega-lite')).href);
  const Ajv = require('ajv').default;
  const schema = JSON.parse(fs.readFileSync(path.join(modules, 'vega-lite/build/vega-lite-schema.json')));
  const validate = new Ajv({strict: false, validateFormats: false, allowUnionTypes: true}).compile(schema);
  const compile = vegaLite.compile ?? vegaLite.default.compile;
  for (const {name, file} of pages) {
    const context = await browser.newContext({javaScriptEnabled: false});
    const page = await context.newPage();
    await page.goto(pathToFileURL(file).href);
    const specs = (await page.locator('figure.chart').evaluateAll((figures) => figures.map((figure) => ({
      id: figure.id, text: figure.querySelector('script').textContent}))));
    await context.close();
    await test(`${name}: every specification is valid Vega-Lite and compiles without a warning`, () => {
      assert.ok(specs.length > 0);
      for (const {id, text} of specs) {
        const spec = JSON.parse(text);
        assert.ok(validate(spec), `${id}: ${JSON.stringify(validate.errors?.slice(0, 3))}`);
        const warnings = [];
        const note = (...words) => { warnings.push(words.join(' ')); return logger; };
        const logger = {level: () => logger, warn: note, error: note, info: () => logger, debug: () => logger};
        compile(spec, {logger});
        assert.deepEqual(warnings, [], id);
      }
    });
  }
}

async function main() {
  const pages = makePages();
  const browser = await chromium.launch({
    executablePath: process.env.CHROMIUM ?? '/usr/bin/chromium', headless: true,
    args: ['--no-sandbox', '--disable-gpu', '--disable-quic', '--no-first-run', '--disable-background-networking', '--disable-component-update', '--disable-sync'],
  });
  try {
    await specificationsAreValid(browser, pages);
    await Promise.all(pages.map(async (page) => {
      await looks(browser, page);
      await behaves(browser, page);
      if (page.name === 'sample') await isInert(browser, page.file);
    }));
  } finally {
    await browser.close();
  }
}

try {
  await test('the browser starts and the pages are made', main);
} finally {
  fs.rmSync(work, {recursive: true, force: true});
}
process.exit(failed > 0 ? 1 : 0);
