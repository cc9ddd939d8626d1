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
    commit_transaction_outside_try_catch,
    deprecated_current_date,
    deprecated_find,
    deprecated_message,
    deprecated_type_managed_form,
    disable_safe_mode,
    empty_code_block,
    form_data_to_value,
    get_form_method,
    line_length,
    os_users_method,
    pairing_broken_transaction,
    parse_error,
    set_privileged_mode,
    temp_files_dir,
    using_find_element_by_string,
    using_this_form,
    wrong_use_of_rollback_transaction_method,
}
