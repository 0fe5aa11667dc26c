// Decorators and auto-accessors, which no Node release reads yet, become calls of a helper.
import type {
  AccessorProperty,
  Class,
  ClassElement,
  Decorator,
  MethodDefinition,
  Node,
  PropertyDefinition,
} from "oxc-parser";
import { CELL_RUNTIME_NAME } from "./cell-runtime.ts";
import type { CellEdits } from "./edits.ts";

// The name under which a rewritten class finds its `ClassDecoration`.
const DECORATION = "__decoration";

type Member = MethodDefinition | PropertyDefinition | AccessorProperty;

/**
 * Rewrites the class at `node` if it needs it:
 * `@d class C { @m f() {} }` becomes
 * `decorate([d], (__decoration) => class C { static { __decoration.apply(this, [[..., [m]]]) } f() {} })`.
 */
export function rewriteDecorators(
  edits: CellEdits,
  node: Node,
  isCellLevel: (node: Node) => boolean,
): void {
  if (node.type !== "ClassDeclaration" && node.type !== "ClassExpression") return;
  const members = node.body.body.filter(isMember);
  const special = members.filter((one) => one.decorators.length > 0 || isAccessor(one));
  if (node.decorators.length === 0 && special.length === 0) return;
  for (const [index, member] of special.entries()) rewriteMember(edits, { member, index, node });
  const decorated = special.filter((member) => member.decorators.length > 0);
  if (decorated.length > 0) encloseMoved(edits, node, decorated);
  wrapClass(edits, node);
  // At the cell's level, the rewriting of declarations does this.
  if (node.type === "ClassDeclaration" && !isCellLevel(node)) {
    edits.wrap(node, `let ${node.id!.name} = `, ";");
  }
}

const isMember = (element: ClassElement): element is Member =>
  element.type === "MethodDefinition" ||
  element.type === "PropertyDefinition" ||
  element.type === "AccessorProperty";

const isAccessor = (member: Member): boolean => member.type === "AccessorProperty";

/** Puts the class into a function whose parameter is its decoration. */
function wrapClass(edits: CellEdits, node: Class): void {
  const open = `${CELL_RUNTIME_NAME}.helpers.decorate([`;
  const enter = `], (${DECORATION}) => `;
  if (node.decorators.length === 0) {
    edits.wrap(node, open + enter, ")");
    return;
  }
  joinDecorators(edits, node.decorators);
  edits.text.prependRight(node.decorators[0]!.expression.start, open);
  edits.text.appendLeft(node.decorators.at(-1)!.end, enter);
  edits.text.appendLeft(node.end, ")");
}

/** `@a @b(1)` becomes `a, b(1)`. */
function joinDecorators(edits: CellEdits, decorators: readonly Decorator[]): void {
  for (const [index, { start, expression }] of decorators.entries()) {
    if (index === 0) edits.text.remove(start, expression.start);
    else edits.replace(decorators[index - 1]!.end, expression.start, ", ");
  }
}

interface MemberPlace {
  member: Member;
  index: number;
  node: Class;
}

function rewriteMember(edits: CellEdits, { member, index, node }: MemberPlace): void {
  const { decorators } = member;
  const key = keyOf(edits, member, index);
  if (decorators.length > 0) moveDecorators(edits, { member, index, node }, key);
  if (member.type === "AccessorProperty") accessorToPair(edits, member, { key, index });
  else if (member.type === "PropertyDefinition") initialiseField(edits, member, index);
}

/** How code names the member: for `describe`, in property position and as an access expression. */
interface MemberKey {
  /** An expression for the key. */
  expression: string;
  /** The key as it stands in a class body. */
  property: string;
  /** Access on `o`. */
  access: string;
}

function keyOf(edits: CellEdits, member: Member, index: number): MemberKey {
  const { key, computed } = member;
  const source = edits.text.original.slice(key.start, key.end);
  if (computed) {
    const expression = `${DECORATION}.keys[${index}]`;
    if (!isAccessor(member)) edits.wrap(key, `${DECORATION}.keys[${index}] = (`, ")");
    return { expression, property: `[${expression}]`, access: `o[${expression}]` };
  }
  if (key.type === "PrivateIdentifier") {
    return { expression: JSON.stringify(source), property: source, access: `o.${source}` };
  }
  const expression = key.type === "Identifier" ? JSON.stringify(key.name) : source;
  return { expression, property: source, access: `o[${expression}]` };
}

/** Moves a member's decorators into the list at the top of the class body. */
function moveDecorators(
  edits: CellEdits,
  { member, index, node }: MemberPlace,
  key: MemberKey,
): void {
  const { decorators } = member;
  const isPrivate = member.key.type === "PrivateIdentifier";
  joinDecorators(edits, decorators);
  const range = { start: decorators[0]!.expression.start, end: decorators.at(-1)!.end };
  const kind =
    member.type === "MethodDefinition"
      ? member.kind
      : member.type === "AccessorProperty"
        ? "accessor"
        : "field";
  const has = isPrivate ? `${key.property} in o` : `${key.expression} in o`;
  const writable = kind === "field" || kind === "accessor" || kind === "set";
  const set = writable ? `(o, v) => { ${key.access} = v }` : "undefined";
  const access = `{ has: (o) => ${has}, get: (o) => ${key.access}, set: ${set} }`;
  const facts = `kind: "${kind}", name: ${key.expression}, static: ${member.static}, private: ${isPrivate}`;
  edits.wrap(range, `{ index: ${index}, ${facts}, access: ${access}, decorators: [`, "] }, ");
  edits.text.move(range.start, range.end, node.body.start + 1);
}

/** Puts the static block around the moved decorators, and the start of construction after it. */
function encloseMoved(edits: CellEdits, node: Class, decorated: readonly Member[]): void {
  const top = node.body.start + 1;
  edits.text.appendLeft(top, ` static { ${DECORATION}.apply(this, [`);
  const construct = decorated.some((member) => !member.static)
    ? ` #__construct = ${DECORATION}.construct(this);`
    : "";
  edits.text.prependRight(top, `]) }${construct}`);
}

/** `x = 1` becomes `x = __decoration.initial(0, this, 1)`, followed by its own initialisers. */
function initialiseField(edits: CellEdits, member: PropertyDefinition, index: number): void {
  const call = `${DECORATION}.initial(${index}, this, `;
  if (member.value) edits.wrap(member.value, call, ")");
  else edits.replace(endOfKey(edits, member), member.end, ` = ${call}undefined);`);
  edits.text.appendLeft(member.end, afterField(member, index));
}

function afterField(member: Member, index: number): string {
  const call = `${DECORATION}.initialized(${index}, this)`;
  return member.static ? ` static { ${call} }` : ` #__initialized${index} = ${call};`;
}

/** The offset behind the key, its closing bracket included. */
function endOfKey(edits: CellEdits, member: Member): number {
  return member.computed ? edits.text.original.indexOf("]", member.key.end) + 1 : member.key.end;
}

/** `accessor x = 1` becomes a private field with a getter and a setter. */
function accessorToPair(
  edits: CellEdits,
  member: AccessorProperty,
  { key, index }: { key: MemberKey; index: number },
): void {
  const isStatic = member.static ? "static " : "";
  const field = `#__accessor${index}`;
  const source = edits.text.original.slice(member.key.start, member.key.end);
  const getterKey = member.computed ? `[${key.expression} = (${source})]` : key.property;
  const initial = `${isStatic}${field} = ${DECORATION}.initial(${index}, this, `;
  const pair = `${isStatic}get ${getterKey}() { return this.${field}; } ${isStatic}set ${key.property}(value) { this.${field} = value; }`;
  const after = member.decorators.length > 0 ? afterField(member, index) : "";
  const start = member.decorators.at(-1)?.end ?? member.start;
  if (member.value) {
    edits.replace(start, member.value.start, ` ${initial}`);
    edits.replace(member.value.end, member.end, `); ${pair}${after}`);
  } else {
    edits.replace(start, member.end, ` ${initial}undefined); ${pair}${after}`);
  }
}
