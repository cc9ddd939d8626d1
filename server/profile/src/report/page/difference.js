'use strict';
(() => {
  const each = (measure) => (data.isPerCount && measure.count ? measure.ownNs / measure.count : measure.ownNs) || 0;
  const change = (row) => each(row.after) - each(row.before);
  const signed = (ns) => (ns ? `${ns > 0 ? '+' : '−'}${time(Math.abs(ns))}` : '');
  const percent = (row) => {
    if (!each(row.before)) return each(row.after) ? say('новое', 'new') : '';
    const growth = (each(row.after) / each(row.before) - 1) * 100;
    return `${growth > 0 ? '+' : growth < 0 ? '−' : ''}${decimal(Math.abs(growth), Math.abs(growth) >= 10 ? 0 : 1)} %`;
  };
  const growth = (row) => (each(row.before) ? each(row.after) / each(row.before) - 1 : each(row.after) ? Infinity : 0);
  const tone = (row) => (change(row) > 0 ? 'worse' : change(row) < 0 ? 'better' : '');
  const colored = (text) => (row) => element('td', { className: tone(row), textContent: text(row) });

  const placeCell = (row) => {
    const cell = element('td', {}, [place(row)]);
    if (row.text) cell.append(element('code', { textContent: row.text }));
    if (row.isRegression) {
      const text = `${say('замедление больше', 'slower by more than')} ${data.limit} %`;
      cell.append(element('span', { className: 'warning', textContent: text }));
    }
    return cell;
  };
  const columns = [
    { name: say('Изменение', 'Change'), value: (row) => Math.abs(change(row)), cell: colored((row) => signed(change(row))) },
    { name: '%', value: growth, cell: colored(percent) },
    { name: say('Было', 'Before'), value: (row) => each(row.before), text: time },
    { name: say('Стало', 'After'), value: (row) => each(row.after), text: time },
    { name: say('Раз было', 'Count before'), value: (row) => row.before.count ?? 0, text: count },
    { name: say('Раз стало', 'Count after'), value: (row) => row.after.count ?? 0, text: count },
    { name: say('Место', 'Place'), value: place, cell: placeCell, isText: true },
  ];
  const groups = [
    { name: say('Методы', 'Methods'), rows: data.methods },
    { name: say('Строки', 'Lines'), rows: data.lines },
  ].filter((group) => group.rows.length > 0);

  const total = { before: data.before, after: data.after };
  const summary = `${time(each(total.before)) || '0'} → ${time(each(total.after)) || '0'} (${percent(total) || '0 %'})`;
  byId('summary').append(`${say('Всего', 'Total')} `, element('span', { className: tone(total), textContent: summary }));
  if (data.verdict) {
    const text = data.verdict.trim();
    byId('verdict').append(element('span', { className: data.isRegressed ? 'worse' : 'better', textContent: text }));
  }
  byId('table-title').textContent = data.isPerCount
    ? say('Своё время одного выполнения', 'Own time of one execution')
    : say('Своё время', 'Own time');
  showTable(columns, groups);
})();
