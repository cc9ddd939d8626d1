/**
 * SDBL, the query language of 1C:Enterprise.
 *
 * Shape of the tree:
 *  - keywords are anonymous nodes with English names, whatever language the source uses;
 *  - functions are plain names: one rule of calls serves them all;
 *  - clauses of a query may stand in any order, so that a query under construction keeps its structure;
 *  - `placeholder` is text that a program replaces before it runs the query: `#Table`, `%1`, `[Name]`, `tt#1#`;
 *  - zero-width named tokens `missing_*` come from the scanner and stand where half-typed text leaves out
 *    an expression, a name, a table or a condition of a join.
 */
/// <reference types="tree-sitter-cli/dsl" />

/** Words that never are names of their own: only after a dot or `as`. */
const KEYWORDS = {
  select: ['выбрать', 'select'],
  into: ['поместить', 'into'],
  from: ['из', 'from'],
  where: ['где', 'where'],
  having: ['имеющие', 'having'],
  union: ['объединить', 'union'],
  join: ['соединение', 'join'],
  by: ['по', 'by', 'on'],
  as: ['как', 'as'],
  and: ['и', 'and'],
  or: ['или', 'or'],
  not: ['не', 'not'],
  in: ['в', 'in'],
  is: ['есть', 'is'],
  like: ['подобно', 'like'],
  between: ['между', 'between'],
  case: ['выбор', 'case'],
  when: ['когда', 'when'],
  then: ['тогда', 'then'],
  else: ['иначе', 'else'],
  end: ['конец', 'end'],
  true: ['истина', 'true'],
  false: ['ложь', 'false'],
  undefined: ['неопределено', 'undefined'],
  null: ['null'],
};

/** Keywords that are names wherever the grammar does not ask for them. */
const SOFT_KEYWORDS = {
  drop: ['уничтожить', 'drop'],
  allowed: ['разрешенные', 'allowed'],
  distinct: ['различные', 'distinct'],
  top: ['первые', 'top'],
  add: ['добавить', 'add'],
  group: ['сгруппировать', 'group'],
  grouping: ['группирующим', 'grouping'],
  sets: ['наборам', 'sets'],
  order: ['упорядочить', 'order'],
  asc: ['возр', 'asc'],
  desc: ['убыв', 'desc'],
  autoorder: ['автоупорядочивание', 'autoorder'],
  totals: ['итоги', 'totals'],
  overall: ['общие', 'overall'],
  only: ['только', 'only'],
  hierarchy: ['иерархия', 'иерархии', 'hierarchy'],
  periods: ['периодами', 'periods'],
  index: ['индексировать', 'index'],
  unique: ['уникально', 'unique'],
  for: ['для', 'for'],
  update: ['изменения', 'update'],
  all: ['все', 'all'],
  left: ['левое', 'left'],
  right: ['правое', 'right'],
  full: ['полное', 'full'],
  inner: ['внутреннее', 'inner'],
  outer: ['внешнее', 'outer'],
  escape: ['спецсимвол', 'escape'],
  refs: ['ссылка', 'refs'],
};

const PREC = {
  or: 1,
  and: 2,
  not: 3,
  compare: 4,
  add: 5,
  multiply: 6,
  sign: 7,
  postfix: 8,
};

const NAME_PART = '[\\p{L}\\p{Nd}_]';
const NAME = `[\\p{L}_]${NAME_PART}*`;

/** A part of a name that is put in later. */
const HOLE = `(#${NAME_PART}+#?|%${NAME_PART}+%?|\\?)`;

const anyCase = (words) => new RegExp(words.join('|'), 'i');
const keywordRule = (name) => `_kw_${name}`;
const keyword = ($, name, alias_ = name) => alias($[keywordRule(name)], alias_);

const commaSeparated = (rule) => seq(rule, repeat(seq(',', rule)));

/** A list whose positions may be left empty: `(, a, )`. */
const sparse = ($, rule) => {
  const item = optional(choice(rule, $._may_be_omitted));
  return seq(item, repeat(seq(',', item)));
};

const allKeywords = { ...KEYWORDS, ...SOFT_KEYWORDS };
const keywordRules = Object.fromEntries(
  Object.entries(allKeywords).map(([name, words]) => [keywordRule(name), (_) => anyCase(words)]),
);

module.exports = grammar({
  name: 'sdbl',

  word: ($) => $.identifier,

  extras: ($) => [/[ \t\f\v\r\n\u00a0\uFEFF]/, $.comment],

  externals: ($) => [
    $._missing_expression,
    $._missing_member,
    $._missing_name,
    $.missing_condition,
    // Never produced: an expression need not stand here.
    $._may_be_omitted,
    $._error_sentinel,
  ],

  reserved: {
    global: ($) => Object.keys(KEYWORDS).map((name) => $[keywordRule(name)]),
    member: (_) => [],
  },

  supertypes: ($) => [$.expression],

  rules: {
    // A missing separator is reported by the syntax layer.
    source_file: ($) =>
      seq(optional($.drop_query), repeat(choice($.query, seq(';', optional($.drop_query))))),

    drop_query: ($) => seq(keyword($, 'drop'), field('name', $._target)),

    // ---- queries

    query: ($) =>
      prec.right(seq($.select_query, repeat(seq(keyword($, 'union'), optional(keyword($, 'all')), $.select_query)))),

    select_query: ($) =>
      prec.right(
        seq(
          keyword($, 'select'),
          repeat(choice(keyword($, 'allowed'), keyword($, 'distinct'), $.top)),
          commaSeparated($.column),
          repeat($._clause),
        ),
      ),

    top: ($) => seq(keyword($, 'top'), field('count', choice($.number, $.parameter, $.placeholder))),

    column: ($) =>
      seq(
        field('value', choice($.expression, $.all_fields)),
        optional($._alias),
      ),

    _alias: ($) =>
      choice(
        seq(keyword($, 'as'), field('alias', $._any_name)),
        field('alias', choice($.identifier, alias($._kw_refs, $.identifier))),
      ),

    all_fields: ($) => choice('*', prec(PREC.postfix, seq(field('object', $._postfix), '.', '*'))),

    _clause: ($) =>
      choice(
        $.into_clause,
        $.from_clause,
        $.where_clause,
        $.group_clause,
        $.having_clause,
        $.order_clause,
        $.autoorder_clause,
        $.totals_clause,
        $.index_clause,
        $.for_update_clause,
        $.composition,
        $.placeholder,
      ),

    into_clause: ($) => seq(choice(keyword($, 'into'), keyword($, 'add')), field('name', $._target)),

    where_clause: ($) => seq(keyword($, 'where'), field('condition', $.expression)),

    having_clause: ($) => seq(keyword($, 'having'), field('condition', $.expression)),

    group_clause: ($) =>
      seq(
        keyword($, 'group'),
        keyword($, 'by'),
        choice(
          seq(keyword($, 'grouping'), keyword($, 'sets'), $.expression_list),
          commaSeparated($.expression),
        ),
      ),

    order_clause: ($) => seq(keyword($, 'order'), keyword($, 'by'), commaSeparated($.order_item)),

    order_item: ($) =>
      seq(
        field('value', choice($.expression, $.all_fields)),
        repeat(choice(keyword($, 'asc'), keyword($, 'desc'), keyword($, 'hierarchy'))),
      ),

    autoorder_clause: ($) => keyword($, 'autoorder'),

    totals_clause: ($) =>
      seq(keyword($, 'totals'), optional(choice(commaSeparated($.column), $._may_be_omitted)), keyword($, 'by'), commaSeparated($.total)),

    total: ($) =>
      seq(
        field('value', choice(keyword($, 'overall'), $.expression, $.all_fields)),
        optional(seq(optional(keyword($, 'only')), keyword($, 'hierarchy'))),
        optional($.periods),
        optional(seq(keyword($, 'as'), field('alias', $._any_name))),
      ),

    periods: ($) => seq(keyword($, 'periods'), field('arguments', $.arguments)),

    index_clause: ($) =>
      seq(
        keyword($, 'index'),
        optional(keyword($, 'unique')),
        keyword($, 'by'),
        choice(
          seq(keyword($, 'sets'), alias($._index_sets, $.expression_list)),
          seq(choice($.expression, $._sets_field), repeat(seq(',', $.expression)), optional(keyword($, 'unique'))),
        ),
      ),

    // An English table or field may be called so.
    _sets_field: ($) => choice(alias($._kw_sets, $.identifier), alias($._sets_member, $.member_expression)),

    _sets_member: ($) =>
      seq(field('object', alias($._kw_sets, $.identifier)), '.', field('property', $._member_name)),

    _index_sets: ($) =>
      seq('(', commaSeparated(seq($.expression, optional(keyword($, 'unique')))), ')'),

    for_update_clause: ($) =>
      prec.right(seq(keyword($, 'for'), keyword($, 'update'), optional(choice(commaSeparated($.expression), $._may_be_omitted)))),

    // Settings of data composition; the whole block may be left out by the platform.
    composition: ($) =>
      seq(
        '{',
        choice(
          repeat1($.join),
          seq(
            optional(
              choice(
                keyword($, 'select'),
                keyword($, 'where'),
                keyword($, 'having'),
                seq(choice(keyword($, 'order'), keyword($, 'group'), keyword($, 'totals')), keyword($, 'by')),
                $._may_be_omitted,
              ),
            ),
            commaSeparated($.column),
          ),
        ),
        '}',
      ),

    // ---- sources

    from_clause: ($) => prec.right(seq(keyword($, 'from'), commaSeparated($._joined_source))),

    _joined_source: ($) => prec.right(seq($.source, repeat($._source_part))),

    _source_part: ($) => choice($.join, $.composition, $.placeholder),

    source: ($) =>
      seq(
        field('table', choice($._postfix, $.subquery, alias($._subquery_placeholder, $.subquery), $.missing_table)),
        optional(
          choice(
            seq(keyword($, 'as'), field('alias', $._any_name)),
            field('alias', $.identifier),
          ),
        ),
      ),

    missing_table: ($) => $._missing_expression,

    // More than one query is wrong. But then the same tokens follow queries inside and outside of parentheses,
    // the states of both are equal, and the parser is a third smaller.
    subquery: ($) => seq('(', repeat1($.query), ')'),

    _subquery_placeholder: ($) => seq('(', $.placeholder, ')'),

    // `a join b join c on ... on ...`: a join may be complete before the condition of the one around it.
    join: ($) =>
      prec.right(
        seq(
          optional(
            choice(
              keyword($, 'inner'),
              seq(
                choice(keyword($, 'left'), keyword($, 'right'), keyword($, 'full')),
                optional(keyword($, 'outer')),
              ),
            ),
          ),
          keyword($, 'join'),
          $.source,
          repeat($.join),
          choice(seq(keyword($, 'by', 'on'), field('condition', $.expression)), $.missing_condition),
        ),
      ),

    // ---- expressions

    expression: ($) =>
      choice(
        $._postfix,
        $.binary_expression,
        $.unary_expression,
        $.in_expression,
        $.between_expression,
        $.like_expression,
        $.is_null_expression,
        $.refs_expression,
        $.case_expression,
        $.parenthesized_expression,
        $.tuple,
        $.number,
        $.string,
        $.boolean,
        $.undefined,
        $.null,
        $.missing_expression,
      ),

    missing_expression: ($) => $._missing_expression,

    binary_expression: ($) =>
      choice(
        ...[
          [keyword($, 'or'), PREC.or],
          [keyword($, 'and'), PREC.and],
          [choice('=', '<>', '<', '<=', '>', '>='), PREC.compare],
          [choice('+', '-'), PREC.add],
          [choice('*', '/'), PREC.multiply],
        ].map(([operator, precedence]) =>
          prec.left(
            precedence,
            seq(field('left', $.expression), field('operator', operator), field('right', $.expression)),
          ),
        ),
      ),

    unary_expression: ($) =>
      choice(
        prec(PREC.not, seq(field('operator', keyword($, 'not')), field('operand', $.expression))),
        prec(PREC.sign, seq(field('operator', choice('-', '+')), field('operand', $.expression))),
      ),

    in_expression: ($) =>
      prec.left(
        PREC.compare,
        seq(
          field('left', $.expression),
          optional(keyword($, 'not')),
          keyword($, 'in'),
          optional(keyword($, 'hierarchy')),
          field('right', choice($.subquery, $.expression_list, $.parameter, $.placeholder)),
        ),
      ),

    between_expression: ($) =>
      prec.left(
        PREC.compare,
        seq(
          field('operand', $.expression),
          optional(keyword($, 'not')),
          keyword($, 'between'),
          field('low', $.expression),
          keyword($, 'and'),
          field('high', $.expression),
        ),
      ),

    like_expression: ($) =>
      prec.left(
        PREC.compare,
        seq(
          field('left', $.expression),
          optional(keyword($, 'not')),
          keyword($, 'like'),
          field('right', $.expression),
          optional(seq(keyword($, 'escape'), field('escape', choice($.string, $.parameter)))),
        ),
      ),

    is_null_expression: ($) =>
      prec.left(
        PREC.compare,
        seq(field('operand', $.expression), keyword($, 'is'), optional(keyword($, 'not')), keyword($, 'null')),
      ),

    refs_expression: ($) =>
      prec.left(
        PREC.compare,
        seq(field('operand', $.expression), keyword($, 'refs'), field('type', $.type)),
      ),

    case_expression: ($) =>
      seq(
        keyword($, 'case'),
        optional(choice(field('operand', $.expression), $._may_be_omitted)),
        repeat1($.when_branch),
        optional($.else_branch),
        keyword($, 'end'),
      ),

    when_branch: ($) =>
      seq(
        keyword($, 'when'),
        field('condition', $.expression),
        keyword($, 'then'),
        field('value', $.expression),
      ),

    else_branch: ($) => seq(keyword($, 'else'), field('value', $.expression)),

    parenthesized_expression: ($) => seq('(', $.expression, ')'),

    tuple: ($) => seq('(', $.expression, repeat1(seq(',', $.expression)), ')'),

    expression_list: ($) => seq('(', sparse($, $.expression), ')'),

    _postfix: ($) =>
      choice(
        $.identifier,
        $.member_expression,
        $.nested_table,
        $.call_expression,
        $.parameter,
        $.placeholder,
      ),

    member_expression: ($) =>
      prec(PREC.postfix, seq(field('object', $._postfix), '.', field('property', $._member_name))),

    nested_table: ($) =>
      prec(
        PREC.postfix,
        seq(field('object', $._postfix), '.', '(', commaSeparated($.column), ')'),
      ),

    call_expression: ($) =>
      prec(
        PREC.postfix,
        seq(
          field('function', choice($.identifier, $.member_expression, $.placeholder)),
          field('arguments', $.arguments),
        ),
      ),

    arguments: ($) => seq('(', sparse($, $._argument), ')'),

    _argument: ($) =>
      choice(
        seq(
          optional(keyword($, 'distinct')),
          choice($.expression, $.all_fields),
          optional(seq(keyword($, 'as'), field('type', $.type))),
        ),
        $.composition,
      ),

    type: ($) =>
      prec.right(
        seq(
          choice(reserved('member', $.identifier), $.placeholder, $.parameter),
          repeat(seq('.', $._member_name)),
          optional(seq('(', commaSeparated(choice($.number, $.parameter, $.placeholder)), ')')),
        ),
      ),

    parameter: ($) => seq('&', field('name', $._any_name)),

    // ---- names and literals

    _target: ($) => choice($._any_name, $.parameter),

    // After a dot, `&` and `as` no word is reserved.
    _any_name: ($) =>
      choice(reserved('member', $.identifier), $.placeholder, alias($._missing_name, $.missing_name)),

    // A keyword on the line of the dot is a name only if it touches the dot.
    _member_name: ($) =>
      choice(reserved('member', $.identifier), $.placeholder, alias($._missing_member, $.missing_name)),

    number: (_) => /\d+(\.\d*)?/,
    // The closing quote is only missing at the end of the text.
    string: (_) => /"([^"]|"")*"?/,
    boolean: ($) => choice(keyword($, 'true'), keyword($, 'false')),
    undefined: ($) => keyword($, 'undefined'),
    null: ($) => keyword($, 'null'),

    // Before `identifier`: of two tokens that match the same word the first one wins.
    ...keywordRules,

    identifier: (_) => new RegExp(NAME, 'u'),

    placeholder: (_) =>
      new RegExp(
        `@${NAME}|(${NAME})?${HOLE}(${NAME_PART}|${HOLE})*|\\[[^\\[\\]"\\r\\n]*\\]`,
        'u',
      ),

    comment: (_) => /\/\/[^\r\n]*/,
  },
});
