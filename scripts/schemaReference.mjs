// A JSON Schema as a page: one table an object, each key with what it may be and what its description says. Pure.

/** Every object gets a section of its own, in the order of the schema. @returns {string} Markdown */
export function toSchemaReference(schema) {
  const sections = [];
  addSection(sections, schema, '');
  return `${sections.join('\n\n')}\n`;
}

function addSection(sections, schema, path) {
  const properties = Object.entries(schema.properties ?? {});
  if (properties.length === 0) return;
  const rows = properties.map(([name, value]) => toRow(name, value, (schema.required ?? []).includes(name)));
  const title = path === '' ? 'At the top' : `\`${path}\``;
  const said = schema.description ? `${toCell(schema.description)}.\n\n` : '';
  sections.push(`## ${title}\n\n${said}| key | is | |\n|---|---|---|\n${rows.join('\n')}`);
  for (const [name, value] of properties) addInner(sections, value, path === '' ? name : `${path}.${name}`);
}

/** What is inside: of a list its items, of a map its values, of a choice each form that is an object. */
function addInner(sections, schema, path) {
  if (schema.properties) addSection(sections, schema, path);
  if (schema.items) addInner(sections, schema.items, `${path}[]`);
  if (typeof schema.additionalProperties === 'object') addInner(sections, schema.additionalProperties, `${path}.NAME`);
  for (const choice of [...(schema.anyOf ?? []), ...(schema.oneOf ?? [])]) {
    if (choice.properties || choice.items) addInner(sections, choice, path);
  }
}

function toRow(name, schema, isRequired) {
  const description = schema.description ? toCell(schema.description) : '';
  return `| \`${name}\`${isRequired ? ' (needed)' : ''} | ${describeType(schema)} | ${description} |`;
}

function describeType(schema) {
  if ('const' in schema) return `\`${JSON.stringify(schema.const)}\``;
  if (schema.enum) return schema.enum.map((value) => `\`${value}\``).join(', ');
  const choices = [...(schema.anyOf ?? []), ...(schema.oneOf ?? [])].filter(isSaid).map(describeType);
  if (choices.length > 0) return [...new Set(choices)].join(' or ');
  const type = Array.isArray(schema.type) ? schema.type.join(' or ') : schema.type;
  if (schema.type === 'array')
    return `list of ${describeType(schema.items ?? {})}${count(schema.minItems, schema.maxItems)}`;
  if (schema.type === 'object' && typeof schema.additionalProperties === 'object' && !schema.properties) {
    return `map of ${describeType(schema.additionalProperties)}`;
  }
  return `${type ?? 'anything'}${count(schema.minimum, schema.maximum)}`;
}

/** A form that only says which keys go together is no type. */
const isSaid = ({ type, enum: values, properties, anyOf, oneOf, ...rest }) =>
  Boolean(type || values || properties || anyOf || oneOf || 'const' in rest);

function count(least, most) {
  if (least === undefined && most === undefined) return '';
  if (most === undefined) return `, ${least} or more`;
  return `, ${least ?? 'up'} to ${most}`;
}

/** A pipe ends a cell, and an angle bracket begins markup. */
const toCell = (text) => text.replaceAll('|', '\\|').replaceAll('<', '&lt;').replace(/\.$/, '');
