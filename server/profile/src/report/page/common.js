'use strict';
// What the pages share: words, numbers, a table that sorts and filters.
const data = JSON.parse(document.getElementById('data').textContent);
const isRussian = data.language === 'ru';
const say = (ru, en) => (isRussian ? ru : en);
const byId = (id) => document.getElementById(id);
const SHOWN_ROWS = 200;

const decimal = (value, digits) => {
  const text = value.toFixed(digits);
  return isRussian ? text.replace('.', ',') : text;
};
const time = (ns) => {
  if (!ns) return '';
  const units = [[1e9, say('с', 's')], [1e6, say('мс', 'ms')], [1e3, say('мкс', 'µs')], [1, say('нс', 'ns')]];
  const [size, name] = units.find(([size]) => ns >= size * 0.9995) ?? units[3];
  const value = ns / size;
  return `${decimal(value, value >= 100 ? 0 : value >= 10 ? 1 : 2)} ${name}`;
};
const count = (number) => (number ? number.toLocaleString(data.language) : '');
const share = (part) => {
  const percent = part * 100;
  return `${decimal(percent, percent >= 10 ? 0 : 1)} %`;
};
const element = (name, properties = {}, children = []) => {
  const made = Object.assign(document.createElement(name), properties);
  made.append(...children);
  return made;
};

const place = (row) => {
  const line = row.line ? `:${row.line}` : '';
  return `${row.module}${line}${row.method ? ` ${row.method}` : ''}`;
};

// `groups`: tabs with rows. `columns`: what is sorted by (`value`), what is shown (`text`, or `cell` for a
// whole cell), `isText` for words, which are sorted from the first letter.
function showTable(columns, groups) {
  const table = { group: 0, column: 0, isDescending: true, filter: '' };
  const head = (column, index, draw) => {
    const button = element('button', { type: 'button', textContent: column.name });
    button.addEventListener('click', () => {
      const isSame = table.column === index;
      table.isDescending = isSame ? !table.isDescending : !column.isText;
      table.column = index;
      draw();
    });
    const cell = element('th', { scope: 'col' }, [button]);
    if (table.column === index) cell.setAttribute('aria-sort', table.isDescending ? 'descending' : 'ascending');
    return cell;
  };
  const tab = (group, index, draw) => {
    const made = element('button', { type: 'button', textContent: `${group.name} ${group.rows.length}` });
    made.setAttribute('role', 'tab');
    made.setAttribute('aria-selected', String(index === table.group));
    made.addEventListener('click', () => {
      table.group = index;
      draw();
    });
    return made;
  };
  const draw = () => {
    const column = columns[table.column];
    const compare = (left, right) => {
      const [a, b] = [column.value(left), column.value(right)];
      if (typeof a === 'string') return a.localeCompare(b, data.language);
      return a === b ? 0 : a < b ? -1 : 1;
    };
    const rows = (groups[table.group]?.rows ?? [])
      .filter((row) => `${place(row)} ${row.text ?? ''}`.toLowerCase().includes(table.filter))
      .sort((left, right) => (table.isDescending ? compare(right, left) : compare(left, right)));
    byId('table').tHead.rows[0].replaceChildren(...columns.map((column, index) => head(column, index, draw)));
    const cell = (column, row) => column.cell?.(row) ?? element('td', { textContent: column.text(column.value(row)) });
    const made = rows.slice(0, SHOWN_ROWS).map((row) => element('tr', {}, columns.map((column) => cell(column, row))));
    byId('table').tBodies[0].replaceChildren(...made);
    const hidden = rows.length - made.length;
    byId('more').textContent = hidden > 0 ? `${say('… и ещё', '… and more:')} ${count(hidden)}` : '';
    byId('groups').replaceChildren(...groups.map((group, index) => tab(group, index, draw)));
  };
  byId('filter').placeholder = say('Отобрать строки', 'Filter the rows');
  byId('filter').addEventListener('input', () => {
    table.filter = byId('filter').value.trim().toLowerCase();
    draw();
  });
  draw();
}
