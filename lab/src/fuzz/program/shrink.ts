// Smaller programs near a program: each with one part taken away or replaced by something trivial.
import { constant } from './constants.js';
import type { Expression, Program, Statement } from './syntax.js';

/** Candidates, the boldest first. The program itself is never changed. */
export function* smallerPrograms(program: Program): Generator<Program> {
  for (const [index, tree] of program.functions.entries())
    for (const body of smallerLists(tree.body)) {
      const functions = program.functions.map((other, at) => (at === index ? { ...other, body } : other));
      yield { ...program, functions };
    }
}

function* smallerLists(statements: readonly Statement[]): Generator<Statement[]> {
  const half = Math.floor(statements.length / 2);
  if (half > 1) {
    yield statements.slice(half);
    yield statements.slice(0, half);
  }
  for (let index = 0; index < statements.length; index++) yield statements.toSpliced(index, 1);
  for (const [index, statement] of statements.entries())
    for (const smaller of smallerStatements(statement)) yield statements.toSpliced(index, 1, smaller);
}

function* smallerStatements(statement: Statement): Generator<Statement> {
  switch (statement.kind) {
    case 'repeat':
    case 'stack-loop':
      if (statement.times > 1) yield { ...statement, times: Math.ceil(statement.times / 2) };
      for (const body of smallerLists(statement.body)) yield { ...statement, body };
      break;
    case 'while':
    case 'block':
      for (const body of smallerLists(statement.body)) yield { ...statement, body };
      break;
    case 'branch':
      for (const yes of smallerLists(statement.yes)) yield { ...statement, yes };
      for (const no of smallerLists(statement.no)) yield { ...statement, no };
      for (const condition of smallerExpressions(statement.condition)) yield { ...statement, condition };
      break;
    case 'discard':
      for (const value of smallerExpressions(statement.value)) yield { ...statement, value };
      break;
    case 'operation':
    case 'call':
      for (const operands of smallerOperands(statement.operands)) yield { ...statement, operands };
      break;
    default:
  }
}

function* smallerOperands(operands: readonly Expression[]): Generator<Expression[]> {
  for (const [index, operand] of operands.entries())
    for (const smaller of smallerExpressions(operand)) yield operands.toSpliced(index, 1, smaller);
}

function* smallerExpressions(expression: Expression): Generator<Expression> {
  const { type } = expression;
  if (expression.kind === 'operation' && expression.operands.length === 0) return;
  yield constant(type, 0n);
  const parts = expression.kind === 'choice' ? [expression.yes, expression.no] : expression.operands;
  yield* parts.filter((part) => part.type === type);
  if (expression.kind === 'choice') return;
  for (const operands of smallerOperands(expression.operands)) yield { ...expression, operands } as Expression;
}
