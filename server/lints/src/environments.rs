//! Execution environments that the condition of a `#Если` line may name.

/// Environments whose spelling is fixed, Russian and English.
pub(crate) const STRICT_ENVIRONMENTS: &[[&str; 2]] = &[
    ["Сервер", "Server"],
    ["НаСервере", "AtServer"],
    ["Клиент", "Client"],
    ["НаКлиенте", "AtClient"],
    ["ТонкийКлиент", "ThinClient"],
    ["ВебКлиент", "WebClient"],
    ["ТолстыйКлиентОбычноеПриложение", "ThickClientOrdinaryApplication"],
    ["ТолстыйКлиентУправляемоеПриложение", "ThickClientManagedApplication"],
    ["ВнешнееСоединение", "ExternalConnection"],
    ["МобильноеПриложениеКлиент", "MobileAppClient"],
    ["МобильноеПриложениеСервер", "MobileAppServer"],
    ["МобильныйКлиент", "MobileClient"],
];

/// Environments that may be written in any case.
const LOOSE_ENVIRONMENTS: &[&str] =
    &["МобильныйАвтономныйСервер", "MobileStandaloneServer", "Linux", "Windows", "MacOS"];

pub(crate) fn is_environment(name: &str) -> bool {
    let strict = STRICT_ENVIRONMENTS.as_flattened();
    strict.iter().chain(LOOSE_ENVIRONMENTS).any(|known| base::same_name(known, name))
}
