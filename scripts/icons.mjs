// Draws every icon from resources/icons/gatehouse.svg, with the Chromium of the end-to-end tests; run by hand when it changes.
import { mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { chromium } from 'playwright';
import { findChromium } from './chromium.mjs';

const folder = join(dirname(dirname(fileURLToPath(import.meta.url))), 'resources', 'icons');
const source = readFileSync(join(folder, 'gatehouse.svg'), 'utf8');

const SIZES = [16, 24, 32, 48, 64, 128, 256, 512, 1024];
/** Types of the ICNS container that hold PNG, by their size in pixels. */
const ICNS_TYPES = { 32: 'ic11', 64: 'ic12', 128: 'ic07', 256: 'ic08', 512: 'ic09', 1024: 'ic10' };
const ICO_SIZES = [16, 24, 32, 48, 64, 128, 256];
/** The verdict is a colour and a form, so that it can be told without colours too. */
const TRAY = {
  unknown: '',
  ok: '<circle cx="50" cy="50" r="12" fill="#3fb27f" stroke="#13171d" stroke-width="3"/>',
  degraded: '<path d="M50 36 64 62H36z" fill="#e0a83c" stroke="#13171d" stroke-width="3"/>',
  down: '<rect x="38" y="38" width="24" height="24" fill="#ef6a6f" stroke="#13171d" stroke-width="3"/>',
};

/** A directory of images, each a whole PNG (allowed since Windows Vista). */
function toIco(images) {
  const header = Buffer.alloc(6 + 16 * images.length);
  header.writeUInt16LE(1, 2);
  header.writeUInt16LE(images.length, 4);
  let offset = header.length;
  for (const [index, { size, png }] of images.entries()) {
    const at = 6 + 16 * index;
    // One byte each, in which 256 is 0.
    header.writeUInt8(size % 256, at);
    header.writeUInt8(size % 256, at + 1);
    header.writeUInt16LE(1, at + 4);
    header.writeUInt16LE(32, at + 6);
    header.writeUInt32LE(png.length, at + 8);
    header.writeUInt32LE(offset, at + 12);
    offset += png.length;
  }
  return Buffer.concat([header, ...images.map(({ png }) => png)]);
}

function toIcns(images) {
  const chunk = (type, body) => {
    const head = Buffer.alloc(8);
    head.write(type, 'latin1');
    head.writeUInt32BE(body.length + 8, 4);
    return Buffer.concat([head, body]);
  };
  return chunk('icns', Buffer.concat(images.map(({ size, png }) => chunk(ICNS_TYPES[size], png))));
}

const browser = await chromium.launch({ executablePath: findChromium(), args: ['--no-sandbox', '--disable-gpu'] });
const page = await browser.newPage();

async function draw(svg, size) {
  await page.setViewportSize({ width: size, height: size });
  await page.setContent(`<style>*{margin:0}svg{display:block;width:${size}px;height:${size}px}</style>${svg}`);
  return await page.screenshot({ omitBackground: true });
}

rmSync(join(folder, 'png'), { recursive: true, force: true });
mkdirSync(join(folder, 'png'));
const images = [];
for (const size of SIZES) {
  const png = await draw(source, size);
  images.push({ size, png });
  writeFileSync(join(folder, 'png', `${size}x${size}.png`), png);
}
writeFileSync(join(folder, 'icon.ico'), toIco(images.filter(({ size }) => ICO_SIZES.includes(size))));
writeFileSync(join(folder, 'icon.icns'), toIcns(images.filter(({ size }) => size in ICNS_TYPES)));
for (const [level, mark] of Object.entries(TRAY)) {
  const svg = source.replace('</svg>', `${mark}</svg>`);
  writeFileSync(join(folder, `tray-${level}.png`), await draw(svg, 16));
  writeFileSync(join(folder, `tray-${level}@2x.png`), await draw(svg, 32));
}
await browser.close();
