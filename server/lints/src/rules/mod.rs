//! One file per rule. `RULES` is the only list of them.

use crate::rule::RuleInfo;

macro_rules! rules {
    ($($name:ident),* $(,)?) => {
        $(mod $name;)*
        pub(crate) static RULES: &[&RuleInfo] = &[$(&$name::RULE),*];
    };
}

rules! {
    begin_transaction_before_try_catch,
    code_block_before_sub,
    code_out_of_region,
    command_module_export_methods,
    commit_transaction_outside_try_catch,
    common_module_variables,
    create_query_in_cycle,
    deprecated_current_date,
    deprecated_find,
    deprecated_message,
    deprecated_type_managed_form,
    disable_safe_mode,
    duplicate_region,
    empty_code_block,
    form_data_to_value,
    get_form_method,
    line_length,
    non_export_methods_in_api_region,
    non_standard_region,
    os_users_method,
    pairing_broken_transaction,
    parse_error,
    public_methods_description,
    set_privileged_mode,
    temp_files_dir,
    using_find_element_by_string,
    using_hardcode_network_address,
    using_hardcode_path,
    using_hardcode_secret_information,
    using_this_form,
    wrong_use_of_rollback_transaction_method,
    canonical_spelling_keywords,
    commented_code,
    consecutive_empty_lines,
    crazy_multiline_string,
    duplicate_string_literal,
    empty_code_block,
    empty_region,
    empty_statement,
    invalid_character_in_file,
    latin_and_cyrillic_symbol_in_word,
    line_length,
    missing_space,
    one_statement_per_line,
    parse_error,
    semicolon_presence,
    space_at_start_comment,
    unknown_preprocessor_symbol,
    using_service_tag,
    yo_letter_usage,
}
