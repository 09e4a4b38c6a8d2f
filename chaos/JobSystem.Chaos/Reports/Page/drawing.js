// What all plots of a page have in common: its data, elements, and figures in words.
'use strict';
const drawing = (() => {
  const data = JSON.parse(document.getElementById('data').textContent);

  const svg = (tag, attributes, parent) => {
    const element = document.createElementNS('http://www.w3.org/2000/svg', tag);
    for (const name in attributes) element.setAttribute(name, attributes[name]);
    if (parent) parent.append(element);
    return element;
  };
  const html = (tag, className, parent, text) => {
    const element = document.createElement(tag);
    if (className) element.className = className;
    if (text !== undefined) element.textContent = text;
    if (parent) parent.append(element);
    return element;
  };

  const grouped = number => Math.round(number).toLocaleString('en-US');
  const rate = number => (number >= 100 ? grouped(number) : Number(number.toFixed(1)).toString()) + '/s';
  const short = number => number >= 1e6 ? `${+(number / 1e6).toFixed(1)}M`
    : number >= 1e4 ? `${+(number / 1e3).toFixed(1)}k` : `${+number.toFixed(2)}`;
  const seconds = value => {
    const say = (number, unit) => `${number < 10 ? +number.toFixed(2) : number < 100 ? +number.toFixed(1)
      : Math.round(number)} ${unit}`;
    return value <= 0 ? '0 ms' : value < 1e-3 ? say(value * 1e6, 'µs') : value < 1 ? say(value * 1e3, 'ms')
      : value < 120 ? say(value, 's') : value < 7200 ? say(value / 60, 'min') : say(value / 3600, 'h');
  };
  const clock = (at, precise) => {
    const whole = precise ? at : Math.round(at);
    const rest = (whole % 60).toFixed(precise ? 1 : 0).padStart(precise ? 4 : 2, '0');
    const minutes = Math.floor(whole / 60);
    return minutes < 60 ? `${minutes}:${rest}`
      : `${Math.floor(minutes / 60)}:${String(minutes % 60).padStart(2, '0')}:${rest}`;
  };

  // The same on the wall, where the run was.
  const wall = at => new Date(data.wall + data.zone * 60000 + at * 1000).toISOString().slice(11, 19);

  // The names of the lines beside the title; returns where the value of each may be written.
  const keysOf = (head, lines) => lines.map(each => {
    const key = html('span', 'key', head);
    html('i', each.dashed ? 'dashed' : '', key).style.setProperty('--of', each.colour);
    key.append(each.name);
    return html('span', '', key);
  });

  return { data, svg, html, grouped, rate, short, seconds, clock, wall, keysOf };
})();
