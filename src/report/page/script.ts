/**
 * What the page does beyond what it is without: a filter over the incidents, and opening what a link leads to. It reads
 * and writes nothing but this page, and makes no HTML of texts.
 */
export const SCRIPT = `
'use strict';
(() => {
  const filter = document.querySelector('.filter');
  const groups = [...document.querySelectorAll('.group')];
  function reveal() {
    const target = location.hash.length > 1 && document.getElementById(location.hash.slice(1));
    if (!target) return;
    for (let one = target; one; one = one.parentElement) if (one.tagName === 'DETAILS') one.open = true;
    const own = target.querySelector('.incident');
    if (own) own.open = true;
    target.scrollIntoView();
  }
  addEventListener('hashchange', reveal);
  reveal();
  if (!filter) return;
  filter.hidden = false;
  const input = filter.querySelector('input');
  const output = filter.querySelector('output');
  const [expand, collapse] = filter.querySelectorAll('button');
  const wasOpen = groups.map((group) => group.open);
  let items;
  function apply() {
    items ??= groups.map((group) => [...group.querySelectorAll('.incidents > li')].map((item) => [item, item.textContent.toLowerCase()]));
    const words = input.value.toLowerCase().split(/\\s+/).filter(Boolean);
    let found = 0;
    let all = 0;
    groups.forEach((group, i) => {
      let here = 0;
      for (const [item, text] of items[i]) {
        const fits = words.every((word) => text.includes(word));
        item.hidden = !fits;
        if (fits) here += 1;
      }
      group.hidden = here === 0;
      group.open = words.length > 0 ? here > 0 : wasOpen[i];
      found += here;
      all += items[i].length;
    });
    output.textContent = words.length > 0 ? found.toLocaleString('en') + ' of ' + all.toLocaleString('en') + ' incidents' : '';
  }
  let due;
  input.addEventListener('input', () => { clearTimeout(due); due = setTimeout(apply, 120); });
  filter.addEventListener('submit', (event) => { event.preventDefault(); apply(); });
  expand.addEventListener('click', () => groups.forEach((group) => { group.open = true; }));
  collapse.addEventListener('click', () => groups.forEach((group) => {
    group.open = false;
    for (const one of group.querySelectorAll('.incident[open]')) one.open = false;
  }));
})();
`;
