// Zero-width tokens that keep half-typed code readable, and the opaque body of `#Удаление`.
// The scanner is stateless and stays silent during error recovery: the generator marks every
// external token as valid there, which the sentinel reveals.

#include "tree_sitter/parser.h"

#include <string.h>

enum TokenType {
  MISSING_CLOSE,
  MISSING_PARAMETER,
  MISSING_PARAMETERS,
  MISSING_PROPERTY,
  MISSING_QUOTE,
  MISSING_NAME,
  MISSING_SEPARATOR,
  BLOCK_SEPARATOR,
  MISSING_ENDIF,
  MISSING_ENDDO,
  MISSING_ENDTRY,
  MISSING_METHOD_END,
  DELETED_TEXT,
  // Never produced: valid after a label, where a statement may follow on the next line, and after
  // `return`, `raise` and `await`, where a value may, and after `async`, where a method may.
  STATEMENT_MAY_FOLLOW,
  VALUE_MAY_FOLLOW,
  METHOD_MAY_FOLLOW,
  ERROR_SENTINEL,
};

// Longest statement keyword is 18 letters (добавитьобработчик).
#define WORD_CAPACITY 24

typedef struct {
  uint32_t letters[WORD_CAPACITY];
  unsigned length;  // WORD_CAPACITY means "too long for a keyword"
} Word;

// Keywords that can only begin, continue or end a statement.
static const uint16_t STATEMENT_KEYWORDS[][WORD_CAPACITY] = {
  u"если", u"if", u"тогда", u"then", u"иначеесли", u"elsif", u"иначе", u"else", u"конецесли", u"endif",
  u"для", u"for", u"пока", u"while", u"цикл", u"do", u"конеццикла", u"enddo",
  u"попытка", u"try", u"исключение", u"except", u"конецпопытки", u"endtry",
  u"возврат", u"return", u"прервать", u"break", u"продолжить", u"continue", u"перейти", u"goto",
  u"вызватьисключение", u"raise", u"выполнить", u"execute",
  u"добавитьобработчик", u"addhandler", u"удалитьобработчик", u"removehandler",
  u"перем", u"var", u"процедура", u"procedure", u"функция", u"function",
  u"конецпроцедуры", u"endprocedure", u"конецфункции", u"endfunction",
};

// Keywords that continue or end what a complete expression belongs to.
static const uint16_t CONTINUING_KEYWORDS[][WORD_CAPACITY] = {
  u"и", u"and", u"или", u"or", u"тогда", u"then", u"цикл", u"do", u"по", u"to", u"из", u"in", u"экспорт", u"export",
  u"иначеесли", u"elsif", u"иначе", u"else", u"конецесли", u"endif", u"конеццикла", u"enddo",
  u"исключение", u"except", u"конецпопытки", u"endtry",
  u"конецпроцедуры", u"endprocedure", u"конецфункции", u"endfunction",
};

// Russian and English spelling of the keywords that `missing_end` has to tell apart.
typedef struct {
  uint16_t russian[WORD_CAPACITY];
  uint16_t english[WORD_CAPACITY];
} Keyword;

static const Keyword KW_PROCEDURE = {u"процедура", u"procedure"};
static const Keyword KW_FUNCTION = {u"функция", u"function"};
static const Keyword KW_ASYNC = {u"асинх", u"async"};
static const Keyword KW_THEN = {u"тогда", u"then"};
static const Keyword KW_DO = {u"цикл", u"do"};
static const Keyword KW_ENDIF = {u"конецесли", u"endif"};
static const Keyword KW_ENDDO = {u"конеццикла", u"enddo"};
static const Keyword KW_ENDTRY = {u"конецпопытки", u"endtry"};
static const Keyword KW_ENDPROCEDURE = {u"конецпроцедуры", u"endprocedure"};
static const Keyword KW_ENDFUNCTION = {u"конецфункции", u"endfunction"};
static const Keyword KW_ENDDELETE = {u"конецудаления", u"enddelete"};

// Comments are tokens, and the scanner runs before each of them: without a limit it would read the last of
// many comments once for every comment before it.
#define MAX_COMMENTS 40

static bool is_line_end(int32_t c) { return c == '\n' || c == '\r'; }

static bool is_blank(int32_t c) {
  return c == ' ' || c == '\t' || c == '\f' || c == '\v' || c == 0xA0 || c == 0xFEFF;
}

// Letters of other alphabets count too: only the beginning of a name has to be told from punctuation.
static bool is_name_start(int32_t c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_' || (c >= 0xC0 && c != 0xD7 && c != 0xF7 && c < 0x2000) ||
         (c >= 0x2C00 && c < 0xFE00);
}

static bool is_name_part(int32_t c) { return is_name_start(c) || (c >= '0' && c <= '9'); }

static uint32_t fold(int32_t c) {
  if (c >= 'A' && c <= 'Z') return (uint32_t)c + 32;
  if (c >= 0x410 && c <= 0x42F) return (uint32_t)c + 32;
  return (uint32_t)c;
}

static void skip_line(TSLexer *lexer) {
  while (!lexer->eof(lexer) && !is_line_end(lexer->lookahead)) lexer->advance(lexer, false);
}

// Moves to the next code character, over at most `max_comments` comments; tells whether a line end was crossed.
static bool skip_blanks_and_comments(TSLexer *lexer, unsigned max_comments) {
  bool crossed_line = false;
  for (unsigned comments = 0;;) {
    if (is_line_end(lexer->lookahead)) {
      crossed_line = true;
      lexer->advance(lexer, false);
    } else if (is_blank(lexer->lookahead)) {
      lexer->advance(lexer, false);
    } else if (lexer->lookahead == '/' && comments++ < max_comments) {
      lexer->advance(lexer, false);
      if (lexer->lookahead != '/') return crossed_line;
      skip_line(lexer);
    } else {
      return crossed_line;
    }
  }
}

static void read_word(TSLexer *lexer, Word *word) {
  word->length = 0;
  while (is_name_part(lexer->lookahead)) {
    if (word->length < WORD_CAPACITY) word->letters[word->length++] = fold(lexer->lookahead);
    lexer->advance(lexer, false);
  }
}

static bool has_spelling(const Word *word, const uint16_t *spelling) {
  if (word->length >= WORD_CAPACITY) return false;
  unsigned at = 0;
  while (at < word->length && spelling[at] == word->letters[at]) at++;
  return at == word->length && spelling[at] == 0;
}

static bool is_keyword(const Word *word, const Keyword *keyword) {
  return has_spelling(word, keyword->russian) || has_spelling(word, keyword->english);
}

#define IS_ONE_OF(word, table) is_one_of(word, table, sizeof table / sizeof *table)

static bool is_one_of(const Word *word, const uint16_t (*table)[WORD_CAPACITY], unsigned count) {
  for (unsigned i = 0; i < count; i++) {
    if (has_spelling(word, table[i])) return true;
  }
  return false;
}

static bool is_statement_keyword(const Word *word) { return IS_ONE_OF(word, STATEMENT_KEYWORDS); }

// `)` or `]` is expected, but the statement is over.
static bool scan_missing_close(TSLexer *lexer) {
  skip_blanks_and_comments(lexer, MAX_COMMENTS);
  if (lexer->eof(lexer) || lexer->lookahead == ';') return true;
  if (!is_name_start(lexer->lookahead)) return false;
  Word word;
  read_word(lexer, &word);
  return is_statement_keyword(&word);
}

static void skip_blanks(TSLexer *lexer) {
  while (is_blank(lexer->lookahead)) lexer->advance(lexer, false);
}

// Whether what follows on the line ends like a statement, with `;`, and not like a parameter, with `,` or `)`.
static bool ends_like_statement(TSLexer *lexer) {
  unsigned depth = 0;
  bool in_string = false;
  for (; !lexer->eof(lexer) && !is_line_end(lexer->lookahead); lexer->advance(lexer, false)) {
    int32_t c = lexer->lookahead;
    if (c == '"') in_string = !in_string;
    if (in_string) continue;
    if (c == '(') depth++;
    if (c == ';') return true;
    if (depth == 0 && (c == ',' || c == ')')) return false;
    if (c == ')') depth--;
  }
  return false;
}

// A parameter is expected, but a new line begins a statement: `Name.`, `Name(`, `Name[` or `Name = ...;`.
static bool scan_missing_parameter(TSLexer *lexer) {
  bool crossed_line = skip_blanks_and_comments(lexer, MAX_COMMENTS);
  if (lexer->eof(lexer) || lexer->lookahead == ';') return true;
  if (!is_name_start(lexer->lookahead)) return false;
  Word word;
  read_word(lexer, &word);
  if (is_statement_keyword(&word)) return true;
  if (!crossed_line) return false;
  skip_blanks(lexer);
  switch (lexer->lookahead) {
    case '.':
    case '(':
    case '[':
    case ';':
      return true;
    case '=':
      lexer->advance(lexer, false);
      return ends_like_statement(lexer);
    default:
      return false;
  }
}

// The line of a method header ends after the name.
static bool scan_missing_parameters(TSLexer *lexer) {
  bool crossed_line = skip_blanks_and_comments(lexer, MAX_COMMENTS);
  return lexer->eof(lexer) || lexer->lookahead == ';' || (crossed_line && lexer->lookahead != '(');
}

// The line ends after `Procedure`, and the next one does not begin like a method header.
static bool scan_missing_name(TSLexer *lexer) {
  bool crossed_line = skip_blanks_and_comments(lexer, MAX_COMMENTS);
  if (lexer->eof(lexer)) return true;
  if (!crossed_line || !is_name_start(lexer->lookahead)) return false;
  Word word;
  read_word(lexer, &word);
  skip_blanks(lexer);
  return lexer->lookahead != '(' || is_statement_keyword(&word);
}

// A name is expected after a dot. On the same line every word is a name, except `then` and `do` after a
// blank; on a later line a keyword or `Name =` begins a new statement.
static bool scan_missing_property(TSLexer *lexer) {
  bool has_blank = is_blank(lexer->lookahead);
  bool crossed_line = skip_blanks_and_comments(lexer, MAX_COMMENTS);
  if (!is_name_start(lexer->lookahead)) return true;
  if (!crossed_line && !has_blank) return false;
  Word word;
  read_word(lexer, &word);
  if (!crossed_line) return is_keyword(&word, &KW_THEN) || is_keyword(&word, &KW_DO);
  if (is_statement_keyword(&word)) return true;
  skip_blanks_and_comments(lexer, MAX_COMMENTS);
  return lexer->lookahead == '=';
}

// A literal reached the end of its line; it goes on only if the next line of text starts with `|`.
static bool scan_missing_quote(TSLexer *lexer) {
  if (lexer->eof(lexer)) return true;
  if (!is_line_end(lexer->lookahead)) return false;
  for (;;) {
    skip_blanks_and_comments(lexer, UINT32_MAX);
    if (lexer->lookahead != '#') break;
    skip_line(lexer);
  }
  return lexer->lookahead != '|';
}

// Everything up to and including `#КонецУдаления`; nothing at all when that is missing.
static void scan_deleted_text(TSLexer *lexer) {
  lexer->mark_end(lexer);
  while (!lexer->eof(lexer)) {
    if (lexer->lookahead != '#') {
      lexer->advance(lexer, false);
      continue;
    }
    lexer->advance(lexer, false);
    while (is_blank(lexer->lookahead)) lexer->advance(lexer, false);
    Word word;
    read_word(lexer, &word);
    if (is_keyword(&word, &KW_ENDDELETE)) {
      lexer->mark_end(lexer);
      return;
    }
  }
}

// `&Name` or `&Name(...)`.
static void skip_annotation(TSLexer *lexer) {
  lexer->advance(lexer, false);
  skip_blanks(lexer);
  Word word;
  read_word(lexer, &word);
  skip_blanks(lexer);
  if (lexer->lookahead == '(') skip_line(lexer);
}

// Blanks, and lines of comments, directives and annotations as they stand before a method.
static void skip_to_method(TSLexer *lexer) {
  bool at_line_start = false;
  for (unsigned lines = 0; lines < MAX_COMMENTS;) {
    int32_t c = lexer->lookahead;
    if (is_line_end(c) || is_blank(c)) {
      at_line_start = is_line_end(c);
      lexer->advance(lexer, false);
    } else if (at_line_start && (c == '/' || c == '#')) {
      lines++;
      skip_line(lexer);
    } else if (at_line_start && c == '&') {
      lines++;
      skip_annotation(lexer);
    } else {
      return;
    }
  }
}

// The first letters of the keywords below: к, п, ф, а, e, p, f in both cases.
static bool may_end_block(int32_t c) {
  switch (c) {
    case 0x43A: case 0x41A: case 0x43F: case 0x41F: case 0x444: case 0x424: case 0x430: case 0x410:
    case 'e': case 'E': case 'p': case 'P': case 'f': case 'F': case 'a': case 'A':
      return true;
    default:
      return false;
  }
}

static bool is_method_border(TSLexer *lexer, Word *word) {
  if (is_keyword(word, &KW_ASYNC)) {
    skip_blanks(lexer);
    read_word(lexer, word);
  }
  return is_keyword(word, &KW_PROCEDURE) || is_keyword(word, &KW_FUNCTION) ||
         is_keyword(word, &KW_ENDPROCEDURE) || is_keyword(word, &KW_ENDFUNCTION);
}

// Whether the module ends here, or a method begins or ends; leaves another word in `word`.
static bool scan_border_of_method(TSLexer *lexer, Word *word, bool *is_end) {
  word->length = 0;
  *is_end = false;
  skip_to_method(lexer);
  if (lexer->eof(lexer)) return true;
  if (!may_end_block(lexer->lookahead)) return false;
  read_word(lexer, word);
  const bool is_border = is_method_border(lexer, word);
  *is_end = is_border && (is_keyword(word, &KW_ENDPROCEDURE) || is_keyword(word, &KW_ENDFUNCTION));
  return is_border;
}

// Expects the end of a block, which is missing before a border of a method and before the end of
// something else than the innermost block.
static bool scan_missing_end(TSLexer *lexer, const Keyword *expected) {
  Word word;
  bool is_end;
  if (scan_border_of_method(lexer, &word, &is_end)) return true;
  if (is_keyword(&word, expected)) return false;
  return is_keyword(&word, &KW_ENDIF) || is_keyword(&word, &KW_ENDDO) || is_keyword(&word, &KW_ENDTRY);
}

// Expects the end of a method. The end of a block that is not open is left to the grammar.
static bool scan_missing_method_end(TSLexer *lexer) {
  Word word;
  bool is_end;
  return scan_border_of_method(lexer, &word, &is_end) && !is_end;
}

static bool accept(TSLexer *lexer, enum TokenType token) {
  lexer->result_symbol = (TSSymbol)token;
  return true;
}

// A statement or a condition is complete. A separator is missing if the next line begins with a name or with
// a keyword that begins a statement: two names side by side never belong together. A border of a method is
// a separator by itself.
static bool scan_separator(TSLexer *lexer, const bool *valid) {
  if (valid[METHOD_MAY_FOLLOW]) return false;
  bool crossed_line = skip_blanks_and_comments(lexer, MAX_COMMENTS);
  if (lexer->eof(lexer)) return accept(lexer, BLOCK_SEPARATOR);
  if (crossed_line && lexer->lookahead == '&') return accept(lexer, BLOCK_SEPARATOR);
  if (!is_name_start(lexer->lookahead)) return false;
  Word word;
  read_word(lexer, &word);
  const bool continues = IS_ONE_OF(&word, CONTINUING_KEYWORDS);
  const bool begins_statement = is_statement_keyword(&word);
  if (is_method_border(lexer, &word)) return accept(lexer, BLOCK_SEPARATOR);
  if (!crossed_line || continues || valid[STATEMENT_MAY_FOLLOW]) return false;
  if (valid[VALUE_MAY_FOLLOW] && !begins_statement) return false;
  return accept(lexer, MISSING_SEPARATOR);
}

void *tree_sitter_bsl_external_scanner_create(void) { return NULL; }
void tree_sitter_bsl_external_scanner_destroy(void *payload) { (void)payload; }

unsigned tree_sitter_bsl_external_scanner_serialize(void *payload, char *buffer) {
  (void)payload;
  (void)buffer;
  return 0;
}

void tree_sitter_bsl_external_scanner_deserialize(void *payload, const char *buffer, unsigned length) {
  (void)payload;
  (void)buffer;
  (void)length;
}

bool tree_sitter_bsl_external_scanner_scan(void *payload, TSLexer *lexer, const bool *valid) {
  (void)payload;
  if (valid[ERROR_SENTINEL]) return false;
  if (valid[DELETED_TEXT]) {
    scan_deleted_text(lexer);
    return accept(lexer, DELETED_TEXT);
  }
  lexer->mark_end(lexer);
  if (valid[MISSING_QUOTE] && scan_missing_quote(lexer)) return accept(lexer, MISSING_QUOTE);
  if (valid[MISSING_PROPERTY]) return scan_missing_property(lexer) && accept(lexer, MISSING_PROPERTY);
  if (valid[MISSING_CLOSE]) return scan_missing_close(lexer) && accept(lexer, MISSING_CLOSE);
  if (valid[MISSING_PARAMETER]) return scan_missing_parameter(lexer) && accept(lexer, MISSING_PARAMETER);
  if (valid[MISSING_PARAMETERS]) return scan_missing_parameters(lexer) && accept(lexer, MISSING_PARAMETERS);
  if (valid[MISSING_NAME]) return scan_missing_name(lexer) && accept(lexer, MISSING_NAME);
  if (valid[MISSING_SEPARATOR]) return scan_separator(lexer, valid);
  if (valid[MISSING_ENDIF]) return scan_missing_end(lexer, &KW_ENDIF) && accept(lexer, MISSING_ENDIF);
  if (valid[MISSING_ENDDO]) return scan_missing_end(lexer, &KW_ENDDO) && accept(lexer, MISSING_ENDDO);
  if (valid[MISSING_ENDTRY]) return scan_missing_end(lexer, &KW_ENDTRY) && accept(lexer, MISSING_ENDTRY);
  if (valid[MISSING_METHOD_END]) return scan_missing_method_end(lexer) && accept(lexer, MISSING_METHOD_END);
  return false;
}
