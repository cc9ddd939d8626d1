// Zero-width tokens that keep half-typed code readable, and the opaque body of `#Удаление`.
// The scanner is stateless and stays silent during error recovery: the generator marks every
// external token as valid there, which the sentinel reveals.

#include "tree_sitter/parser.h"

#include <string.h>

enum TokenType {
  MISSING_PARENTHESIS,
  MISSING_PROPERTY,
  MISSING_QUOTE,
  DELETED_TEXT,
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

// Moves to the next code character; tells whether a line end was crossed.
static bool skip_blanks_and_comments(TSLexer *lexer) {
  bool crossed_line = false;
  for (;;) {
    if (is_line_end(lexer->lookahead)) {
      crossed_line = true;
      lexer->advance(lexer, false);
    } else if (is_blank(lexer->lookahead)) {
      lexer->advance(lexer, false);
    } else if (lexer->lookahead == '/') {
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

static bool is_statement_keyword(const Word *word) {
  if (word->length >= WORD_CAPACITY) return false;
  const unsigned count = sizeof STATEMENT_KEYWORDS / sizeof *STATEMENT_KEYWORDS;
  for (unsigned i = 0; i < count; i++) {
    unsigned at = 0;
    while (at < word->length && STATEMENT_KEYWORDS[i][at] == word->letters[at]) at++;
    if (at == word->length && STATEMENT_KEYWORDS[i][at] == 0) return true;
  }
  return false;
}

// `)` is expected, but the statement is over.
static bool scan_missing_parenthesis(TSLexer *lexer) {
  skip_blanks_and_comments(lexer);
  if (lexer->eof(lexer) || lexer->lookahead == ';') return true;
  if (!is_name_start(lexer->lookahead)) return false;
  Word word;
  read_word(lexer, &word);
  return is_statement_keyword(&word);
}

// A name is expected after a dot. On the same line every word is a name; on a later line a keyword or
// `Name =` begins a new statement.
static bool scan_missing_property(TSLexer *lexer) {
  bool crossed_line = skip_blanks_and_comments(lexer);
  if (!is_name_start(lexer->lookahead)) return true;
  if (!crossed_line) return false;
  Word word;
  read_word(lexer, &word);
  if (is_statement_keyword(&word)) return true;
  skip_blanks_and_comments(lexer);
  return lexer->lookahead == '=';
}

// A literal reached the end of its line; it goes on only if the next line of text starts with `|`.
static bool scan_missing_quote(TSLexer *lexer) {
  if (lexer->eof(lexer)) return true;
  if (!is_line_end(lexer->lookahead)) return false;
  for (;;) {
    skip_blanks_and_comments(lexer);
    if (lexer->lookahead != '#') break;
    skip_line(lexer);
  }
  return lexer->lookahead != '|';
}

static bool is_end_of_deletion(const Word *word) {
  static const uint16_t RUSSIAN[] = u"конецудаления";
  static const uint16_t ENGLISH[] = u"enddelete";
  const unsigned russian_length = sizeof RUSSIAN / sizeof *RUSSIAN - 1;
  const unsigned english_length = sizeof ENGLISH / sizeof *ENGLISH - 1;
  const uint16_t *expected = word->length == russian_length ? RUSSIAN : ENGLISH;
  if (word->length != russian_length && word->length != english_length) return false;
  for (unsigned i = 0; i < word->length; i++) {
    if (word->letters[i] != expected[i]) return false;
  }
  return true;
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
    if (is_end_of_deletion(&word)) {
      lexer->mark_end(lexer);
      return;
    }
  }
}

static bool accept(TSLexer *lexer, enum TokenType token) {
  lexer->result_symbol = (TSSymbol)token;
  return true;
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
  if (valid[MISSING_PARENTHESIS]) return scan_missing_parenthesis(lexer) && accept(lexer, MISSING_PARENTHESIS);
  return false;
}
