// A person in the page's link, and persons that come from outside. The Python twin, which also reads files, is
// workbench/figures/person_state.py: both refuse whatever is not exactly a person of one of the page's bodies.

const LINK = "#person=";
const MOST_LETTERS = 200000;
const LINK_STEP = 1e5; // numbers in links have five decimals: less than a tenth of a millimetre

/** As saved in files: with its format. */
export function personData(person, { format }) {
  const { body, betas, expression, theta } = person;
  return { format, body, betas, expression, theta };
}

/** The part of an address that makes this person. */
export function personLink(person, config) {
  const short = (key, value) => (typeof value === "number" ? Math.round(value * LINK_STEP) / LINK_STEP || 0 : value);
  const text = JSON.stringify(personData(person, config), short);
  return LINK + btoa(text).replaceAll("+", "-").replaceAll("/", "_").replaceAll("=", "");
}

/** The person of a link; null if it has none. Throws an Error that says what is wrong. */
export function linkedPerson(hash, config) {
  if (!hash.startsWith(LINK)) return null;
  if (hash.length > MOST_LETTERS) throw new Error(`it is longer than any person (${hash.length} letters)`);
  let data;
  try {
    data = JSON.parse(atob(hash.slice(LINK.length).replaceAll("-", "+").replaceAll("_", "/")));
  } catch {
    throw new Error("it is damaged. Copy it again, as a whole");
  }
  return checkedPerson(data, config);
}

/** The person in some data; throws an Error that says why it is none. */
export function checkedPerson(data, { format, bodies, limits }) {
  const names = ["format", "body", "betas", "expression", "theta"];
  if (typeof data !== "object" || data === null || Array.isArray(data)) throw new Error("it holds no person");
  const missing = names.filter((name) => !Object.hasOwn(data, name));
  if (missing.length) throw new Error(`it has no ${missing.join(", ")}`);
  const extra = Object.keys(data).filter((name) => !names.includes(name));
  if (extra.length) throw new Error(`it has unknown entries: ${brief(extra)}`);
  if (data.format !== format) throw new Error(`its format must be "${format}"; got ${brief(data.format)}`);
  const entry = bodies.find(({ tag }) => tag === data.body);
  if (!entry) throw new Error(`its body must be one of ${bodies.map(({ tag }) => tag).join(", ")}; got ${brief(data.body)}`);
  checkNumbers(data.betas, "betas", entry.betas, limits.coefficient);
  checkNumbers(data.expression, "expression", entry.expressions, limits.coefficient);
  const { theta } = data;
  if (!Array.isArray(theta) || theta.length !== entry.joints.length) {
    throw new Error(`theta must be ${entry.joints.length} turns of 3 numbers; got ${brief(theta)}`);
  }
  theta.forEach((turn, joint) => checkNumbers(turn, `theta of the ${entry.joints[joint]}`, 3, limits.turn));
  return { body: entry.tag, betas: data.betas, expression: data.expression, theta };
}

function checkNumbers(values, name, count, largest) {
  const sound = Array.isArray(values) && values.length === count
    && values.every((value) => typeof value === "number" && Math.abs(value) <= largest); // NaN compares as false
  if (!sound) throw new Error(`${name} must be ${count} numbers up to ${Number(largest.toFixed(2))}; got ${brief(values)}`);
}

function brief(value) {
  const text = JSON.stringify(value) ?? String(value);
  return text.length > 60 ? `${text.slice(0, 57)}...` : text;
}
