//! One file per rule. `RULES` is the only list of them.

use crate::rule::RuleInfo;

macro_rules! rules {
    ($($name:ident),* $(,)?) => {
        $(mod $name;)*
        pub(crate) static RULES: &[&RuleInfo] = &[$(&$name::RULE),*];
    };
}

rules! {
    all_function_path_must_have_return,
    begin_transaction_before_try_catch,
    code_block_before_sub,
    code_out_of_region,
    cognitive_complexity,
    command_module_export_methods,
    commit_transaction_outside_try_catch,
    common_module_variables,
    create_query_in_cycle,
    cyclomatic_complexity,
    deprecated_current_date,
    deprecated_find,
    deprecated_message,
    deprecated_type_managed_form,
    disable_safe_mode,
    duplicate_region,
    empty_code_block,
    form_data_to_value,
    function_returns_same_primitive,
    function_should_have_return,
    get_form_method,
    global_context_method_collision8312,
    if_condition_complexity,
    if_else_duplicated_code_block,
    if_else_duplicated_condition,
    if_else_if_ends_with_else,
    line_length,
    method_size,
    missing_code_try_catch_ex,
    nested_statements,
    nested_ternary_operator,
    non_export_methods_in_api_region,
    non_standard_region,
    os_users_method,
    pairing_broken_transaction,
    parse_error,
    procedure_returns_value,
    public_methods_description,
    set_privileged_mode,
    temp_files_dir,
    ternary_operator_usage,
    too_many_returns,
    unreachable_code,
    use_less_for_each,
    useless_ternary_operator,
    using_find_element_by_string,
    using_goto,
    using_hardcode_network_address,
    using_hardcode_path,
    using_hardcode_secret_information,
    using_this_form,
    wrong_use_of_rollback_transaction_method,
}
