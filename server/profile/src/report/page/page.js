'use strict';
(() => {
  const ROW_HEIGHT = 18;

  function showSummary() {
    const total = data.total;
    const of = (ns) => (total.ownNs ? ` (${share(ns / total.ownNs)})` : '');
    const parts = [`${say('Всего', 'Total')} ${time(total.ownNs) || '0'}`];
    if (total.sqlCount) {
      parts.push(`${say('запросы', 'queries')} ${time(total.sqlNs)}${of(total.sqlNs)}, ${count(total.sqlCount)}`);
    }
    if (total.lockNs) parts.push(`${say('ожидание блокировок', 'lock waits')} ${time(total.lockNs)}${of(total.lockNs)}`);
    if (total.deadlocks) parts.push(`${say('взаимоблокировки', 'deadlocks')} ${count(total.deadlocks)}`);
    if (total.timeouts) parts.push(`${say('таймауты', 'timeouts')} ${count(total.timeouts)}`);
    if (total.errors) parts.push(`${say('исключения', 'exceptions')} ${count(total.errors)}`);
    if (data.outside.ownNs) parts.push(`${say('вне кода', 'outside of code')} ${time(data.outside.ownNs)}`);
    const period = data.source.period;
    if (period) parts.push(`${period.from} … ${period.to}`);
    byId('summary').textContent = parts.join(' · ');
  }

  // The flame graph: the innermost places at the bottom, widths are time.
  const SVG = 'http://www.w3.org/2000/svg';
  const flame = { zoom: [data.flame], query: '' };

  const shape = (name, attributes) => {
    const made = document.createElementNS(SVG, name);
    for (const [key, value] of Object.entries(attributes)) made.setAttribute(key, value);
    return made;
  };
  const color = (node) => {
    let hash = 0;
    for (const letter of node.n.split(/[: ]/)[0]) hash = (hash * 31 + letter.charCodeAt(0)) >>> 0;
    // Mostly database: blue; mostly code: warm.
    const isQuery = node.q > node.v / 2;
    return isQuery ? `hsl(${200 + (hash % 30)} 70% ${68 + (hash % 12)}%)` : `hsl(${20 + (hash % 35)} 80% ${66 + (hash % 12)}%)`;
  };
  const isFound = (node) => flame.query !== '' && `${node.n} ${node.t ?? ''}`.toLowerCase().includes(flame.query);
  const describe = (node) => {
    const parts = [node.n, time(node.v) || '0', share(data.flame.v ? node.v / data.flame.v : 0)];
    if (node.q) parts.push(`${say('запросы', 'queries')} ${time(node.q)}`);
    if (node.t) parts.push(node.t);
    return parts.join(' · ');
  };

  function drawFlame() {
    const width = Math.max(byId('flame').clientWidth, 300);
    const path = flame.zoom;
    const root = path[path.length - 1];
    const svg = shape('svg', { role: 'group' });
    let depth = 0;
    const draw = (node, x, size, level, isOuter) => {
      if (size < 0.6) return;
      depth = Math.max(depth, level);
      const classes = [isOuter ? 'dim' : '', isFound(node) ? 'found' : ''].join(' ').trim();
      const group = shape('g', { class: classes, tabindex: 0, role: 'button', 'aria-label': describe(node) });
      group.append(shape('rect', { x, y: level * ROW_HEIGHT, width: size, height: ROW_HEIGHT - 1, fill: color(node) }));
      const letters = Math.floor((size - 6) / 6.7);
      if (letters > 2) {
        const label = shape('text', { x: x + 3, y: level * ROW_HEIGHT + 12.5 });
        label.textContent = node.n.length > letters ? `${node.n.slice(0, letters - 1)}…` : node.n;
        group.append(label);
      }
      const title = shape('title', {});
      title.textContent = describe(node);
      group.append(title);
      group.addEventListener('click', () => zoomTo(node));
      group.addEventListener('keydown', (event) => {
        if (event.key === 'Enter') zoomTo(node);
      });
      group.addEventListener('mouseenter', () => (byId('details').textContent = describe(node)));
      svg.append(group);
      if (isOuter) return;
      let at = x;
      for (const child of node.c ?? []) {
        const part = node.v ? (child.v / node.v) * size : 0;
        draw(child, at, part, level + 1, false);
        at += part;
      }
    };
    path.slice(0, -1).forEach((node, level) => draw(node, 0, width, level, true));
    draw(root, 0, width, path.length - 1, false);
    svg.setAttribute('height', (depth + 1) * ROW_HEIGHT);
    svg.setAttribute('viewBox', `0 0 ${width} ${(depth + 1) * ROW_HEIGHT}`);
    byId('flame').replaceChildren(svg);
    byId('reset').hidden = path.length === 1;
  }

  function zoomTo(node) {
    const outer = flame.zoom.indexOf(node);
    if (outer >= 0) {
      flame.zoom = flame.zoom.slice(0, outer + 1);
    } else {
      const find = (at, path) => {
        if (at === node) return [...path, at];
        for (const child of at.c ?? []) {
          const found = find(child, [...path, at]);
          if (found) return found;
        }
        return null;
      };
      flame.zoom = find(data.flame, []) ?? [data.flame];
    }
    drawFlame();
  }

  function searchFlame() {
    flame.query = byId('search').value.trim().toLowerCase();
    // Outermost matches only: what is inside is part of them.
    const sum = (node) => (isFound(node) ? node.v : (node.c ?? []).reduce((total, child) => total + sum(child), 0));
    const found = flame.query && data.flame.v ? sum(data.flame) / data.flame.v : 0;
    byId('found').textContent = flame.query ? `${say('найдено', 'found')}: ${share(found)}` : '';
    drawFlame();
  }

  // The table.
  const placeCell = (row) => {
    const cell = element('td', {}, [place(row)]);
    if (row.text) cell.append(element('code', { textContent: row.text }));
    if (row.staleness === 'moved') {
      cell.append(element('span', { className: 'warning', textContent: say('строка переместилась после замера', 'the line has moved since') }));
    }
    if (row.staleness === 'changed') {
      const text = say('строки больше нет: текст изменился после замера', 'the line is gone: the text has changed since');
      cell.append(element('span', { className: 'warning', textContent: text }));
    }
    if (row.repeat) {
      const repeat = row.repeat;
      const text = say(
        `запрос в цикле: ${count(repeat.statements)} одинаковых, ${time(repeat.timeNs)}, в одном вызове до ${count(repeat.mostInCall)}`,
        `query in a loop: ${count(repeat.statements)} equal ones, ${time(repeat.timeNs)}, up to ${count(repeat.mostInCall)} in one call`,
      );
      cell.append(element('span', { className: 'warning', textContent: text }), element('code', { textContent: repeat.text }));
    }
    return cell;
  };

  const isEvents = data.source.counts === 'events';
  const columns = [
    { name: say('Своё', 'Own'), value: (row) => row.measure.ownNs ?? 0, text: time },
    { name: '%', value: (row) => row.share, text: share },
    { name: say('Всего', 'Total'), value: (row) => row.measure.totalNs ?? 0, text: time },
    { name: isEvents ? say('Событий', 'Events') : say('Раз', 'Count'), value: (row) => row.measure.count ?? 0, text: count },
    { name: say('Запросы', 'Queries'), value: (row) => row.measure.sqlNs ?? 0, text: time },
    { name: say('Запросов', 'Query count'), value: (row) => row.measure.sqlCount ?? 0, text: count },
    { name: say('Ожидания', 'Waits'), value: (row) => row.measure.lockNs ?? 0, text: time },
    { name: say('Место', 'Place'), value: (row) => place(row), cell: placeCell, isText: true },
  ];
  const groups = [
    { name: say('Строки', 'Lines'), rows: data.lines },
    { name: say('Методы', 'Methods'), rows: data.methods },
    { name: say('Модули', 'Modules'), rows: data.modules },
  ].filter((group) => group.rows.length > 0);

  byId('flame-title').textContent = data.hasStacks ? say('Стеки вызовов', 'Call stacks') : say('Модули и строки', 'Modules and lines');
  byId('table-title').textContent = say('Где время', 'Where the time goes');
  byId('search').placeholder = say('Найти на графе', 'Search the graph');
  byId('reset').textContent = say('Показать всё', 'Show everything');
  byId('search').addEventListener('input', searchFlame);
  byId('reset').addEventListener('click', () => zoomTo(data.flame));
  window.addEventListener('resize', drawFlame);
  showSummary();
  drawFlame();
  showTable(columns, groups);
})();
