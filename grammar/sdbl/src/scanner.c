// Zero-width tokens that keep half-typed queries readable. The scanner is stateless and stays silent during
// error recovery: the generator marks every external token as valid there, which the sentinel reveals.

#include "tree_sitter/parser.h"

enum TokenType {
  MISSING_EXPRESSION,
  MISSING_MEMBER,
  MISSING_NAME,
  MISSING_CONDITION,
  // Never produced: valid where an expression need not stand.
  MAY_BE_OMITTED,
  ERROR_SENTINEL,
};

// Longest keyword is 18 letters (автоупорядочивание).
#define WORD_CAPACITY 20

typedef struct {
  uint32_t letters[WORD_CAPACITY];
  unsigned length;  // WORD_CAPACITY means "too long for a keyword"
} Word;

// A keyword in both languages; some are keywords only before another one, otherwise names.
typedef struct {
  uint16_t russian[WORD_CAPACITY];
  uint16_t english[WORD_CAPACITY];
  uint16_t next[WORD_CAPACITY];
  uint16_t other_next[WORD_CAPACITY];
} Keyword;

// What ends the sources of a query: the next part of the query, or the next query.
static const Keyword CLAUSES[] = {
  {u"из", u"from"},
  {u"где", u"where"},
  {u"имеющие", u"having"},
  {u"объединить", u"union"},
  {u"выбрать", u"select"},
  {u"поместить", u"into"},
  {u"сгруппировать", u"", u"по", u"by"},
  {u"упорядочить", u"", u"по", u"by"},
  {u"индексировать", u"", u"по", u"by"},
  {u"", u"group", u"by", u"по"},
  {u"", u"order", u"by", u"по"},
  {u"", u"index", u"by", u"по"},
  {u"автоупорядочивание", u"autoorder"},
  {u"для", u"for", u"изменения", u"update"},
  {u"итоги", u""},
};

static const Keyword JOINS[] = {
  {u"соединение", u"join"},
  {u"внутреннее", u"inner", u"соединение", u"join"},
  {u"левое", u"left", u"соединение", u"join"},
  {u"левое", u"left", u"внешнее", u"outer"},
  {u"правое", u"right", u"соединение", u"join"},
  {u"правое", u"right", u"внешнее", u"outer"},
  {u"полное", u"full", u"соединение", u"join"},
  {u"полное", u"full", u"внешнее", u"outer"},
};

// What continues or ends an expression.
static const Keyword CONTINUATIONS[] = {
  {u"как", u"as"},
  {u"по", u"by"},
  {u"", u"on"},
  {u"и", u"and"},
  {u"или", u"or"},
  {u"в", u"in"},
  {u"есть", u"is"},
  {u"подобно", u"like"},
  {u"между", u"between"},
  {u"когда", u"when"},
  {u"тогда", u"then"},
  {u"иначе", u"else"},
  {u"конец", u"end"},
};

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

static bool starts_placeholder(int32_t c) { return c == '#' || c == '%' || c == '['; }

static uint32_t fold(int32_t c) {
  if (c >= 'A' && c <= 'Z') return (uint32_t)c + 32;
  if (c >= 0x410 && c <= 0x42F) return (uint32_t)c + 32;
  return (uint32_t)c;
}

static void skip_line(TSLexer *lexer) {
  while (!lexer->eof(lexer) && !is_line_end(lexer->lookahead)) lexer->advance(lexer, false);
}

typedef struct {
  bool has_blank;
  bool crossed_line;
  // The lookahead is what follows a lone slash.
  bool is_slash;
} Gap;

static Gap skip_gap(TSLexer *lexer) {
  Gap gap = {false, false, false};
  for (unsigned comments = 0; !lexer->eof(lexer);) {
    if (is_line_end(lexer->lookahead)) {
      gap.crossed_line = true;
      lexer->advance(lexer, false);
    } else if (is_blank(lexer->lookahead)) {
      gap.has_blank = true;
      lexer->advance(lexer, false);
    } else if (lexer->lookahead == '/' && comments++ < MAX_COMMENTS) {
      lexer->advance(lexer, false);
      if (lexer->lookahead != '/') {
        gap.is_slash = true;
        break;
      }
      skip_line(lexer);
    } else {
      break;
    }
  }
  return gap;
}

static void read_word(TSLexer *lexer, Word *word) {
  word->length = 0;
  while (is_name_part(lexer->lookahead)) {
    if (word->length < WORD_CAPACITY) word->letters[word->length++] = fold(lexer->lookahead);
    lexer->advance(lexer, false);
  }
}

static bool has_spelling(const Word *word, const uint16_t *spelling) {
  if (word->length == 0 || word->length >= WORD_CAPACITY) return false;
  unsigned at = 0;
  while (at < word->length && spelling[at] == word->letters[at]) at++;
  return at == word->length && spelling[at] == 0;
}

// The word behind a keyword is read only when it matters, and once.
typedef struct {
  Word word;
  Word next;
  bool has_next;
} Words;

static bool is_keyword(TSLexer *lexer, Words *words, const Keyword *keyword) {
  if (!has_spelling(&words->word, keyword->russian) && !has_spelling(&words->word, keyword->english)) return false;
  if (keyword->next[0] == 0) return true;
  if (!words->has_next) {
    skip_gap(lexer);
    read_word(lexer, &words->next);
    words->has_next = true;
  }
  return has_spelling(&words->next, keyword->next) || has_spelling(&words->next, keyword->other_next);
}

#define IS_ONE_OF(lexer, words, table) is_one_of(lexer, words, table, sizeof table / sizeof *table)

static bool is_one_of(TSLexer *lexer, Words *words, const Keyword *table, unsigned count) {
  for (unsigned i = 0; i < count; i++) {
    if (is_keyword(lexer, words, &table[i])) return true;
  }
  return false;
}

static bool is_hard_keyword(TSLexer *lexer) {
  Words words;
  words.has_next = false;
  read_word(lexer, &words.word);
  return IS_ONE_OF(lexer, &words, CLAUSES) || IS_ONE_OF(lexer, &words, CONTINUATIONS) || IS_ONE_OF(lexer, &words, JOINS);
}

static bool ends_query(TSLexer *lexer) {
  return lexer->eof(lexer) || lexer->lookahead == ';' || lexer->lookahead == ')' || lexer->lookahead == '}' ||
         lexer->lookahead == ',';
}

// An expression or a table is expected.
static bool scan_missing_expression(TSLexer *lexer) {
  Gap gap = skip_gap(lexer);
  if (gap.is_slash || ends_query(lexer)) return true;
  if (lexer->lookahead == '=' || lexer->lookahead == '<' || lexer->lookahead == '>') return true;
  return is_name_start(lexer->lookahead) && is_hard_keyword(lexer);
}

// A name is expected. Every word is one, except a keyword on another line, or behind a dot and a blank.
static bool scan_missing_name(TSLexer *lexer, bool is_member) {
  Gap gap = skip_gap(lexer);
  if (gap.is_slash || lexer->eof(lexer)) return true;
  if (is_name_start(lexer->lookahead)) {
    return (gap.crossed_line || (is_member && gap.has_blank)) && is_hard_keyword(lexer);
  }
  if (is_member && (lexer->lookahead == '*' || lexer->lookahead == '(')) return false;
  return !starts_placeholder(lexer->lookahead);
}

// The condition of a join is expected, but the sources are over.
static bool scan_missing_condition(TSLexer *lexer) {
  Gap gap = skip_gap(lexer);
  if (gap.is_slash) return false;
  if (ends_query(lexer)) return true;
  if (!is_name_start(lexer->lookahead)) return false;
  Words words;
  words.has_next = false;
  read_word(lexer, &words.word);
  return IS_ONE_OF(lexer, &words, CLAUSES);
}

static bool accept(TSLexer *lexer, enum TokenType token) {
  lexer->result_symbol = (TSSymbol)token;
  return true;
}

void *tree_sitter_sdbl_external_scanner_create(void) { return NULL; }
void tree_sitter_sdbl_external_scanner_destroy(void *payload) { (void)payload; }

unsigned tree_sitter_sdbl_external_scanner_serialize(void *payload, char *buffer) {
  (void)payload;
  (void)buffer;
  return 0;
}

void tree_sitter_sdbl_external_scanner_deserialize(void *payload, const char *buffer, unsigned length) {
  (void)payload;
  (void)buffer;
  (void)length;
}

bool tree_sitter_sdbl_external_scanner_scan(void *payload, TSLexer *lexer, const bool *valid) {
  (void)payload;
  if (valid[ERROR_SENTINEL]) return false;
  lexer->mark_end(lexer);
  if (valid[MISSING_MEMBER]) return scan_missing_name(lexer, true) && accept(lexer, MISSING_MEMBER);
  if (valid[MISSING_NAME]) return scan_missing_name(lexer, false) && accept(lexer, MISSING_NAME);
  if (valid[MAY_BE_OMITTED]) return false;
  if (valid[MISSING_EXPRESSION]) return scan_missing_expression(lexer) && accept(lexer, MISSING_EXPRESSION);
  if (valid[MISSING_CONDITION]) return scan_missing_condition(lexer) && accept(lexer, MISSING_CONDITION);
  return false;
}
