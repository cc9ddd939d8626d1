/**
 * BSL, the language of 1C:Enterprise modules (.bsl) and of OneScript (.os).
 *
 * Shape of the tree:
 *  - keywords are anonymous nodes with English names, whatever language the source uses;
 *  - directives (`#...`) and comments are extras: they may stand anywhere, even inside an expression;
 *  - `;` separates statements and is strict, so a missing one is a MISSING node;
 *  - zero-width named tokens `missing_*` come from the scanner and never occur in valid code; they stand
 *    where a half-typed line leaves out a bracket, quote, name, separator, `then`, `do` or the end of a block;
 *  - `except` is optional so that a half-typed `try` keeps the outline; the syntax layer reports it;
 *  - unexpected_end is a keyword that ends a block which was not open, so that the rest of the module stays readable.
 */
/// <reference types="tree-sitter-cli/dsl" />

const KEYWORDS = {
  procedure: ['процедура', 'procedure'],
  endprocedure: ['конецпроцедуры', 'endprocedure'],
  function: ['функция', 'function'],
  endfunction: ['конецфункции', 'endfunction'],
  var: ['перем', 'var'],
  export: ['экспорт', 'export'],
  val: ['знач', 'val'],
  try: ['попытка', 'try'],
  except: ['исключение', 'except'],
  endtry: ['конецпопытки', 'endtry'],
  if: ['если', 'if'],
  then: ['тогда', 'then'],
  elsif: ['иначеесли', 'elsif'],
  else: ['иначе', 'else'],
  endif: ['конецесли', 'endif'],
  for: ['для', 'for'],
  each: ['каждого', 'each'],
  in: ['из', 'in'],
  to: ['по', 'to'],
  while: ['пока', 'while'],
  do: ['цикл', 'do'],
  enddo: ['конеццикла', 'enddo'],
  return: ['возврат', 'return'],
  break: ['прервать', 'break'],
  continue: ['продолжить', 'continue'],
  goto: ['перейти', 'goto'],
  raise: ['вызватьисключение', 'raise'],
  execute: ['выполнить', 'execute'],
  addhandler: ['добавитьобработчик', 'addhandler'],
  removehandler: ['удалитьобработчик', 'removehandler'],
  new: ['новый', 'new'],
  and: ['и', 'and'],
  or: ['или', 'or'],
  not: ['не', 'not'],
  true: ['истина', 'true'],
  false: ['ложь', 'false'],
  undefined: ['неопределено', 'undefined'],
  null: ['null'],
};

/** Keywords that are plain names outside asynchronous methods. */
const SOFT_KEYWORDS = {
  async: ['асинх', 'async'],
  await: ['ждать', 'await'],
};

const PREC = {
  or: 1,
  and: 2,
  not: 3,
  compare: 4,
  add: 5,
  multiply: 6,
  sign: 7,
  await: 8,
  postfix: 9,
};

/** Blanks that may stand between the sign of a directive and its word. */
const BLANK = '[ \\t\\f\\u00a0]*';
const NAME = '[\\p{L}_][\\p{L}\\p{Nd}_]*';

const anyCase = (words) => new RegExp(words.join('|'), 'i');
const keywordRule = (name) => `_kw_${name}`;
const keyword = ($, name) => alias($[keywordRule(name)], name);

/** A directive is one token: its word and what may follow it on the same line. */
const directive = (words, rest = '') =>
  token(prec(1, new RegExp(`#${BLANK}(${words.join('|')})${rest}`, 'i')));

/** The end of a block that the scanner finds to be missing. */
const missingEnd = ($, name) => alias($[`_missing_${name}`], $.missing_end);

const commaSeparated = (rule) => seq(rule, repeat(seq(',', rule)));

/** A list whose positions may be left empty: `(, a, )`. */
const sparse = (rule) => seq(optional(rule), repeat(seq(',', optional(rule))));

const allKeywords = { ...KEYWORDS, ...SOFT_KEYWORDS };
const keywordRules = Object.fromEntries(
  Object.entries(allKeywords).map(([name, words]) => [keywordRule(name), (_) => anyCase(words)]),
);

module.exports = grammar({
  name: 'bsl',

  word: ($) => $.identifier,

  extras: ($) => [
    /[ \t\f\v\r\n\u00a0\uFEFF]/,
    $.comment,
    $.preproc_shebang,
    $.preproc_use,
    $.preproc_region,
    $.preproc_endregion,
    $.preproc_if,
    $.preproc_elsif,
    $.preproc_else,
    $.preproc_endif,
    $.preproc_insert,
    $.preproc_endinsert,
    $.preproc_delete,
    $.preproc_other,
  ],

  externals: ($) => [
    $._missing_close,
    $._missing_parameter,
    $.missing_parameters,
    $.missing_property,
    $.missing_quote,
    $.missing_name,
    $._missing_separator,
    $._block_separator,
    $._missing_endif,
    $._missing_enddo,
    $._missing_endtry,
    $._missing_method_end,
    $.deleted_text,
    // Never produced: a statement, a value or a method may follow, even on the next line.
    $._statement_may_follow,
    $._value_may_follow,
    $._method_may_follow,
    $._error_sentinel,
  ],

  reserved: {
    global: ($) => Object.keys(KEYWORDS).map((name) => $[keywordRule(name)]),
    member: (_) => [],
  },

  // `Ждать(5)` calls a method, `Ждать Загрузка()` waits: the word is a name wherever that parses.
  conflicts: ($) => [[$._name, $.await_expression]],

  supertypes: ($) => [$.statement, $.expression],

  rules: {
    source_file: ($) =>
      seq(
        repeat(
          choice(
            $.procedure_definition,
            $.function_definition,
            seq($.statement, $._separator),
            ';',
            alias($._unexpected_module_end, $.unexpected_end),
          ),
        ),
        optional($.statement),
      ),

    // ---- declarations

    procedure_definition: ($) =>
      seq(
        optional($._annotations),
        optional($._async),
        keyword($, 'procedure'),
        $._method_header,
        choice(
          seq(optional($._body), choice(keyword($, 'endprocedure'), alias($._unexpected_endfunction, $.unexpected_end))),
          seq(optional($._body_statements), missingEnd($, 'method_end')),
        ),
      ),

    // Without the second token the scanner would take the word for a statement that a method follows.
    _async: ($) => seq(keyword($, 'async'), optional($._method_may_follow)),

    function_definition: ($) =>
      seq(
        optional($._annotations),
        optional($._async),
        keyword($, 'function'),
        $._method_header,
        choice(
          seq(optional($._body), choice(keyword($, 'endfunction'), alias($._unexpected_endprocedure, $.unexpected_end))),
          seq(optional($._body_statements), missingEnd($, 'method_end')),
        ),
      ),

    _method_header: ($) =>
      choice(
        seq(
          field('name', $._name),
          field('parameters', $.parameters),
          optional(field('export', keyword($, 'export'))),
        ),
        $.missing_name,
      ),

    parameters: ($) =>
      choice(
        seq('(', optional(commaSeparated($.parameter)), $._close_parameters),
        seq('(', commaSeparated($.parameter), ',', alias($._missing_parameter, $.missing_parenthesis)),
        $.missing_parameters,
      ),

    _close_parameters: ($) => choice(')', alias($._missing_parameter, $.missing_parenthesis)),

    parameter: ($) =>
      seq(
        optional($._annotations),
        optional(keyword($, 'val')),
        field('name', $._name),
        optional(seq('=', field('default', $._constant))),
      ),

    _annotations: ($) => repeat1($.annotation),

    annotation: ($) =>
      seq('&', field('name', $._any_name), optional($.annotation_arguments)),

    annotation_arguments: ($) =>
      seq('(', optional(commaSeparated($.annotation_argument)), ')'),

    annotation_argument: ($) =>
      choice(
        seq(field('name', $._name), optional(seq('=', field('value', $._annotation_value)))),
        field('value', $._annotation_value),
      ),

    _annotation_value: ($) => choice($._constant, $.annotation),

    var_declaration: ($) =>
      seq(optional($._annotations), keyword($, 'var'), commaSeparated($.variable)),

    variable: ($) => seq(field('name', $._name), optional(field('export', keyword($, 'export')))),

    // ---- statements

    _body: ($) => choice(seq($._body_statements, optional($.statement)), $.statement),

    // Blocks inside a method leave an unexpected end to the method: the scanner closes them first.
    _body_statements: ($) => repeat1(choice(seq($.statement, $._separator), ';', $.unexpected_end)),

    unexpected_end: ($) =>
      choice(keyword($, 'endif'), keyword($, 'enddo'), keyword($, 'endtry')),

    // The end of the other kind of method ends this one too.
    _unexpected_endprocedure: ($) => keyword($, 'endprocedure'),
    _unexpected_endfunction: ($) => keyword($, 'endfunction'),

    _unexpected_module_end: ($) =>
      choice(
        keyword($, 'endif'),
        keyword($, 'enddo'),
        keyword($, 'endtry'),
        keyword($, 'endprocedure'),
        keyword($, 'endfunction'),
      ),

    _block: ($) => choice(seq($._statements, optional($.statement)), $.statement),

    // The end of a block can only be missing after a separator, or where the block begins: more places
    // would add a token to every state of an expression, and states with different ones cannot be merged.
    _statements: ($) => repeat1(choice(seq($.statement, $._separator), ';')),

    statement: ($) =>
      choice(
        $.var_declaration,
        $.labeled_statement,
        $.assignment_statement,
        $.expression_statement,
        $.if_statement,
        $.while_statement,
        $.for_statement,
        $.for_each_statement,
        $.try_statement,
        $.return_statement,
        $.break_statement,
        $.continue_statement,
        $.goto_statement,
        $.raise_statement,
        $.execute_statement,
        $.add_handler_statement,
        $.remove_handler_statement,
      ),

    // A separator that is missing at the end of a line; elsewhere it is a MISSING node. Nobody misses it
    // where a method ends or begins: there a hidden one lets open blocks come to their missing ends.
    _separator: ($) =>
      choice(';', alias($._missing_separator, $.missing_separator), $._block_separator),

    labeled_statement: ($) => seq($.label, ':', optional(choice($.statement, $._statement_may_follow))),

    label: ($) => seq('~', field('name', $._any_name)),

    assignment_statement: ($) =>
      seq(field('left', $._target), '=', field('right', $.expression)),

    expression_statement: ($) => choice($._statement_postfix, $.await_expression),

    if_statement: ($) =>
      seq(
        keyword($, 'if'),
        field('condition', $.expression),
        choice(
          seq(
            $._then,
            optional($._block),
            repeat($.elsif_clause),
            choice(
              seq(optional($.else_clause), keyword($, 'endif')),
              seq(
                choice(
                  alias($._open_elsif_clause, $.elsif_clause),
                  alias($._open_else_clause, $.else_clause),
                ),
                missingEnd($, 'endif'),
              ),
            ),
          ),
          seq($._open_then, missingEnd($, 'endif')),
        ),
      ),

    _open_then: ($) => seq($._then, optional($._statements)),

    // Conditions end with the tokens that end statements: the states of expressions in both are equal and
    // get merged.
    _then: ($) => choice(keyword($, 'then'), alias($._missing_then, $.missing_then)),
    _do: ($) => choice(keyword($, 'do'), alias($._missing_then, $.missing_do)),
    _missing_then: ($) => choice($._missing_separator, $._block_separator),

    elsif_clause: ($) =>
      seq(
        keyword($, 'elsif'),
        field('condition', $.expression),
        $._then,
        optional($._block),
      ),

    _open_elsif_clause: ($) =>
      seq(keyword($, 'elsif'), field('condition', $.expression), $._open_then),

    else_clause: ($) => seq(keyword($, 'else'), optional($._block)),

    _open_else_clause: ($) => seq(keyword($, 'else'), optional($._statements)),

    while_statement: ($) =>
      seq(keyword($, 'while'), field('condition', $.expression), $._loop_body),

    for_statement: ($) =>
      seq(
        keyword($, 'for'),
        field('variable', $._name),
        '=',
        field('from', $.expression),
        keyword($, 'to'),
        field('to', $.expression),
        $._loop_body,
      ),

    for_each_statement: ($) =>
      seq(
        keyword($, 'for'),
        keyword($, 'each'),
        field('variable', $._name),
        keyword($, 'in'),
        field('collection', $.expression),
        $._loop_body,
      ),

    _loop_body: ($) =>
      choice(
        seq($._do, optional($._block), keyword($, 'enddo')),
        seq(
          seq($._do, optional($._statements)),
          missingEnd($, 'enddo'),
        ),
      ),

    try_statement: ($) =>
      seq(
        keyword($, 'try'),
        choice(
          seq(
            optional($._block),
            choice(
              seq(optional($.except_clause), keyword($, 'endtry')),
              seq(alias($._open_except_clause, $.except_clause), missingEnd($, 'endtry')),
            ),
          ),
          seq(optional($._statements), missingEnd($, 'endtry')),
        ),
      ),

    except_clause: ($) => seq(keyword($, 'except'), optional($._block)),

    _open_except_clause: ($) => seq(keyword($, 'except'), optional($._statements)),

    return_statement: ($) =>
      seq(keyword($, 'return'), optional(choice(field('value', $.expression), $._value_may_follow))),

    break_statement: ($) => keyword($, 'break'),
    continue_statement: ($) => keyword($, 'continue'),

    goto_statement: ($) => seq(keyword($, 'goto'), $.label),

    raise_statement: ($) =>
      seq(
        keyword($, 'raise'),
        optional(
          choice(
            field('value', $.expression),
            alias($._raise_arguments, $.arguments),
            $._value_may_follow,
          ),
        ),
      ),

    // One argument is a parenthesised value, see the raise cases of test/corpus.
    _raise_arguments: ($) =>
      seq(
        '(',
        optional(seq(optional($.expression), repeat1(seq(',', optional($.expression))))),
        $._close,
      ),

    execute_statement: ($) => seq(keyword($, 'execute'), field('code', $.expression)),

    add_handler_statement: ($) => seq(keyword($, 'addhandler'), $._handler_operands),
    remove_handler_statement: ($) => seq(keyword($, 'removehandler'), $._handler_operands),
    _handler_operands: ($) =>
      seq(field('event', $.expression), ',', field('handler', $.expression)),

    // ---- expressions

    expression: ($) =>
      choice(
        $._postfix,
        $.binary_expression,
        $.unary_expression,
        $.await_expression,
        $.number,
        $.date,
        $.string,
        $.boolean,
        $.undefined,
        $.null,
      ),

    binary_expression: ($) =>
      choice(
        ...[
          [keyword($, 'or'), PREC.or],
          [keyword($, 'and'), PREC.and],
          [choice('=', '<>', '<', '<=', '>', '>='), PREC.compare],
          [choice('+', '-'), PREC.add],
          [choice('*', '/', '%'), PREC.multiply],
        ].map(([operator, precedence]) =>
          prec.left(
            precedence,
            seq(
              field('left', $.expression),
              field('operator', operator),
              field('right', $.expression),
            ),
          ),
        ),
      ),

    unary_expression: ($) =>
      choice(
        prec(PREC.not, seq(field('operator', keyword($, 'not')), field('operand', $.expression))),
        prec(
          PREC.sign,
          seq(field('operator', choice('-', '+')), field('operand', $.expression)),
        ),
      ),

    await_expression: ($) =>
      prec(PREC.await, prec.dynamic(-1, seq(keyword($, 'await'), choice(field('operand', $.expression), $._value_may_follow)))),

    // What may start a statement: no parenthesis, so that an omitted `then` stays unambiguous.
    _statement_postfix: ($) =>
      choice(
        $._name,
        $.call_expression,
        $.member_expression,
        $.index_expression,
        $.ternary_expression,
        $.new_expression,
      ),

    _target: ($) => choice($._name, $.member_expression, $.index_expression),

    _postfix: ($) => choice($._statement_postfix, $.parenthesized_expression),

    member_expression: ($) =>
      prec(
        PREC.postfix,
        seq(
          field('object', $._postfix),
          '.',
          field('property', choice($._any_name, $.missing_property)),
        ),
      ),

    index_expression: ($) =>
      prec(
        PREC.postfix,
        seq(
          field('object', $._postfix),
          '[',
          choice(
            seq(field('index', $.expression), choice(']', alias($._missing_close, $.missing_bracket))),
            alias($._missing_close, $.missing_bracket),
          ),
        ),
      ),

    call_expression: ($) =>
      prec(
        PREC.postfix,
        seq(
          field('function', choice($._name, $.member_expression)),
          field('arguments', $.arguments),
        ),
      ),

    arguments: ($) => seq('(', sparse($.expression), $._close),

    new_expression: ($) =>
      prec.right(
        PREC.postfix,
        seq(
          keyword($, 'new'),
          choice(
            seq(field('type', $._name), optional(field('arguments', $.arguments))),
            field('arguments', $.arguments),
          ),
        ),
      ),

    ternary_expression: ($) =>
      seq(
        '?',
        '(',
        field('condition', $.expression),
        optional(
          seq(
            ',',
            optional(
              seq(
                field('consequence', $.expression),
                optional(seq(',', optional(field('alternative', $.expression)))),
              ),
            ),
          ),
        ),
        $._close,
      ),

    parenthesized_expression: ($) => seq('(', $.expression, $._close),

    _close: ($) => choice(')', alias($._missing_close, $.missing_parenthesis)),

    // ---- literals and names

    _constant: ($) =>
      choice(
        $.number,
        alias($._signed_number, $.unary_expression),
        $.date,
        $.string,
        $.boolean,
        $.undefined,
        $.null,
      ),

    _signed_number: ($) =>
      seq(field('operator', choice('-', '+')), field('operand', $.number)),

    string: ($) => prec.right(repeat1($._string_literal)),

    _string_literal: ($) =>
      seq(
        '"',
        repeat($._string_part),
        repeat(seq($.string_newline, '|', repeat($._string_part))),
        choice(alias(token.immediate('"'), '"'), $.missing_quote),
      ),

    _string_part: ($) => choice($.string_content, $.escape),

    string_content: (_) => token.immediate(prec(2, /[^"\r\n]+/)),
    escape: (_) => token.immediate(prec(2, '""')),
    string_newline: (_) => token.immediate(prec(2, /\r\n|\r|\n/)),

    number: (_) => /\d+(\.\d*)?/,
    date: (_) => /'[^'\r\n]*'/,
    boolean: ($) => choice(keyword($, 'true'), keyword($, 'false')),
    undefined: ($) => keyword($, 'undefined'),
    null: ($) => keyword($, 'null'),

    _name: ($) => choice(
      $.identifier,
      alias($._kw_async, $.identifier),
      prec(PREC.await, alias($._kw_await, $.identifier)),
    ),

    // After a dot, `&` and `~` no word is reserved.
    _any_name: ($) => reserved('member', $.identifier),

    // Before `identifier`: of two tokens that match the same word the first one wins.
    ...keywordRules,

    identifier: (_) => new RegExp(NAME, 'u'),

    // ---- extras

    comment: (_) => /\/\/[^\r\n]*/,

    preproc_shebang: (_) => token(prec(1, /#![^\r\n]*/)),
    preproc_use: (_) => directive(['использовать', 'use'], '[ \\t]+("[^"\\r\\n]*"|[^\\s"]+)'),
    preproc_region: (_) => directive(['область', 'region'], `([ \\t\\u00a0]+${NAME})?`),
    preproc_endregion: (_) => directive(['конецобласти', 'endregion']),
    preproc_if: (_) => directive(['если', 'if'], '([ \\t\\u00a0()][\\p{L}\\p{Nd}_ \\t\\u00a0()]*)?'),
    preproc_elsif: (_) => directive(['иначеесли', 'elsif'], '([ \\t\\u00a0()][\\p{L}\\p{Nd}_ \\t\\u00a0()]*)?'),
    preproc_else: (_) => directive(['иначе', 'else']),
    preproc_endif: (_) => directive(['конецесли', 'endif']),
    preproc_insert: (_) => directive(['вставка', 'insert']),
    preproc_endinsert: (_) => directive(['конецвставки', 'endinsert']),
    preproc_delete: ($) => seq($._delete_start, $.deleted_text),
    _delete_start: (_) => directive(['удаление', 'delete']),
    preproc_other: (_) => new RegExp(`#${BLANK}${NAME}`),
  },
});
