// Draws the charts of a report, follows the colour scheme and the width, and offers the downloads.
(() => {
  'use strict';
  const root = document.documentElement;
  const figures = [...document.querySelectorAll('figure.chart')];
  const specOf = (figure) => figure.querySelector('script[type="application/json"]').textContent;
  const manyMarks = 1500;  // more are drawn on a canvas
  const drawn = new Map();  // figure -> what vega-embed returned

  const systemDark = matchMedia('(prefers-color-scheme: dark)');
  const isDark = () => root.dataset.theme ? root.dataset.theme === 'dark' : systemDark.matches;

  // The page's colours and fonts as a Vega-Lite configuration.
  function configuration(width, legendCharacters, labelCharacters) {
    const style = getComputedStyle(root);
    const value = (name) => style.getPropertyValue(name).trim();
    const ink = value('--ink'), soft = value('--soft'), line = value('--line'), paper = value('--paper');
    const font = value('--sans');
    const text = {labelColor: soft, titleColor: soft, labelFont: font, titleFont: font, labelFontSize: 11, titleFontSize: 12, titleFontWeight: 500};
    const mainColour = '#0072b2';
    return {
      background: null, font, padding: {left: 0, top: 2, right: 2, bottom: 4},
      view: {stroke: null},
      axis: {...text, gridColor: value('--grid'), domainColor: line, tickColor: line, tickSize: 4, labelPadding: 4, titlePadding: 8, tickCount: {expr: 'max(2, ceil(width / 90))'}},
      axisX: {titleLimit: width - 40},
      axisY: {titleLimit: 260, tickCount: {expr: 'max(2, ceil(height / 55))'}},
      axisBand: {grid: false},
      axisXDiscrete: {labelAngle: 6.5 * labelCharacters > width ? -40 : 0},
      legend: {
        ...text, orient: 'top', direction: 'horizontal', titleAnchor: 'start', offset: 10,
        columns: Math.max(1, Math.floor(width / (38 + 7.5 * Math.max(legendCharacters, 1)))), labelLimit: Math.max(80, width - 60), titleLimit: Math.max(80, width - 60), symbolOpacity: 1, symbolStrokeWidth: 2,
      },
      mark: {color: mainColour}, bar: {color: mainColour}, line: {color: mainColour}, point: {color: mainColour}, rect: {color: mainColour}, area: {color: mainColour},
      style: {
        reference: {color: ink, strokeDash: [4, 3], strokeWidth: 1.25, opacity: 0.8},
        'reference-label': {color: ink, font, fontSize: 11},
        band: {color: soft, opacity: 0.14},
        emphasis: {stroke: ink},
        box: {stroke: paper, strokeWidth: 0.5, opacity: 0.85},
        'image-label': {color: soft, font, fontSize: 11},
        node: {color: paper, stroke: soft, strokeWidth: 1},
        'node-label': {color: ink, font},
      },
    };
  }

  // Records of CSV text (RFC 4180). The renderer's own reader makes code from text, which this page forbids.
  function recordsOf(csv) {
    const rows = [];
    let row = [];
    const cell = /("(?:[^"]|"")*"|[^,\n]*)(,|\n|$)/y;
    while (cell.lastIndex < csv.length) {
      const [, text, end] = cell.exec(csv);
      row.push(text.startsWith('"') ? text.slice(1, -1).replaceAll('""', '"') : text);
      if (end === ',') continue;
      rows.push(row);
      row = [];
    }
    const [names, ...records] = rows;
    return records.map((record) => Object.fromEntries(names.map((name, i) => [name, record[i]])));
  }

  // Fewer pictures a row where a row would make them tiny or cut their labels. Returns by how much the strip gets higher for its width.
  function rewrap(records, {columns, row, column, label}, width) {
    const least = Math.min(130, Math.max(54, 6 * label));
    const fitting = Math.max(1, Math.min(columns, Math.floor(width / least)));
    records.forEach((record, i) => {
      record[row] = Math.floor(i / fitting);
      record[column] = i % fitting;
    });
    const shape = (perRow) => Math.ceil(records.length / perRow) / perRow;
    return shape(fitting) / shape(columns);
  }

  async function draw(figure) {
    const plot = figure.querySelector('.plot');
    const spec = JSON.parse(specOf(figure));
    const {marks, legend, labels, strip} = spec.usermeta.xchg;
    let {aspect} = spec.usermeta.xchg;
    spec.data.values = recordsOf(spec.data.values);
    spec.data.format = {parse: spec.data.format.parse};
    if (strip) aspect *= rewrap(spec.data.values, strip, plot.clientWidth);
    // A plot of a given shape is not let grow higher than a screen.
    const width = Math.max(200, Math.min(plot.clientWidth, aspect > 0 && !strip ? 60 + 520 / aspect : Infinity));
    delete spec.title;  // the figure's caption says it
    delete spec.config;  // the page's colours instead
    spec.width = width;
    spec.height = aspect > 0 ? Math.round(width * aspect) : spec.height;
    spec.autosize = {type: 'fit-x', contains: 'padding'};
    drawn.get(figure)?.finalize();
    const result = await vegaEmbed(plot, spec, {
      actions: false, ast: true, renderer: marks > manyMarks ? 'canvas' : 'svg',
      config: configuration(width, legend, labels), tooltip: {theme: isDark() ? 'dark' : 'light'},
    });
    drawn.set(figure, result);
    if (aspect > 0) {
      // The height that gives the plot itself, without axes and legend, the aspect wanted.
      await result.view.height(Math.round(result.view.width() * aspect)).runAsync();
    }
  }

  let wanted = 0;  // the newest request to draw wins
  async function drawAll() {
    const mine = ++wanted;
    root.dataset.charts = 'drawing';
    for (const figure of figures) {
      try {
        await draw(figure);
      } catch (error) {
        figure.querySelector('.plot').textContent = 'This chart could not be drawn; its data stand below.';
        console.error(figure.id, error);
      }
      await new Promise((resume) => setTimeout(resume));  // lets the page answer in between
      if (mine !== wanted) return;
    }
    root.dataset.charts = 'drawn';
  }

  function download(figure, kind) {
    const spec = specOf(figure);
    const text = kind === 'csv' ? JSON.parse(spec).data.values : spec;
    const link = document.createElement('a');
    link.href = URL.createObjectURL(new Blob([text], {type: kind === 'csv' ? 'text/csv' : 'application/json'}));
    link.download = `${figure.id}.${kind}`;
    link.click();
    setTimeout(() => URL.revokeObjectURL(link.href), 1000);
  }

  for (const figure of figures) {
    figure.querySelector('.downloads').hidden = false;
    for (const button of figure.querySelectorAll('button[data-download]')) {
      button.addEventListener('click', () => download(figure, button.dataset.download));
    }
  }

  const toggle = document.getElementById('theme');
  const nameToggle = () => { toggle.textContent = isDark() ? 'Light' : 'Dark'; toggle.setAttribute('aria-label', isDark() ? 'Use light colours' : 'Use dark colours'); };
  toggle.hidden = false;
  toggle.addEventListener('click', () => {
    root.dataset.theme = isDark() ? 'light' : 'dark';
    nameToggle();
    drawAll();
  });
  systemDark.addEventListener('change', () => { nameToggle(); drawAll(); });
  nameToggle();

  // Marks the chapter that is being read in the contents.
  const entries = new Map([...document.querySelectorAll('nav a')].map((link) => [link.hash.slice(1), link]));
  const watcher = new IntersectionObserver((changes) => {
    for (const {target, isIntersecting} of changes) {
      if (!isIntersecting) continue;
      for (const link of entries.values()) link.removeAttribute('aria-current');
      entries.get(target.id)?.setAttribute('aria-current', 'true');
    }
  }, {rootMargin: '0px 0px -70% 0px'});
  for (const id of entries.keys()) {
    const target = document.getElementById(id);
    if (target) watcher.observe(target);
  }

  let widthSeen = root.clientWidth, timer = 0;
  addEventListener('resize', () => {
    clearTimeout(timer);
    timer = setTimeout(() => {
      if (root.clientWidth === widthSeen) return;
      widthSeen = root.clientWidth;
      drawAll();
    }, 150);
  });
  drawAll();
})();
