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
    double_negatives,
    duplicate_region,
    empty_code_block,
    export_variables,
    extra_commas,
    form_data_to_value,
    get_form_method,
    identical_expressions,
    line_length,
    magic_date,
    magic_number,
    missing_variables_description,
    nested_constructors_in_structure_declaration,
    nested_function_in_parameters,
    non_export_methods_in_api_region,
    non_standard_region,
    number_of_optional_params,
    number_of_params,
    number_of_values_in_structure_constructor,
    order_of_params,
    os_users_method,
    pairing_broken_transaction,
    parse_error,
    public_methods_description,
    reserved_parameter_names,
    self_assign,
    self_insertion,
    set_privileged_mode,
    several_compiler_directives,
    temp_files_dir,
    try_number,
    unused_local_method,
    unused_local_variable,
    unused_parameters,
    using_find_element_by_string,
    using_hardcode_network_address,
    using_hardcode_path,
    using_hardcode_secret_information,
    using_this_form,
    wrong_use_of_rollback_transaction_method,
}
