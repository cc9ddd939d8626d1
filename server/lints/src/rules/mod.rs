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
    double_negatives,
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
    export_variables,
    extra_commas,
    identical_expressions,
    line_length,
    magic_date,
    magic_number,
    missing_variables_description,
    nested_constructors_in_structure_declaration,
    nested_function_in_parameters,
    number_of_optional_params,
    number_of_params,
    number_of_values_in_structure_constructor,
    order_of_params,
    parse_error,
    reserved_parameter_names,
    self_assign,
    self_insertion,
    several_compiler_directives,
    try_number,
    unused_local_method,
    unused_local_variable,
    unused_parameters,
}
