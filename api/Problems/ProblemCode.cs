namespace UsageBilling.Api.Problems;

/// <summary>One kind of problem that is not a grain's refusal.</summary>
/// <param name="Code">Stable snake_case code.</param>
/// <param name="Sentence">What it means, for a person; an answer may say it more precisely.</param>
public sealed record ProblemKind(string Code, int Status, string Sentence);

/// <summary>Every problem the api answers with that is not a refusal of a grain (see <c>RefusalCode</c> for those).</summary>
public static class ProblemCode
{
    /// <summary>The request has no key.</summary>
    public static readonly ProblemKind KeyMissing = new("key_missing", 401, "Send an API key: Authorization: Bearer ub_….");

    /// <summary>The key is not known, was revoked or has expired.</summary>
    public static readonly ProblemKind KeyInvalid = new("key_invalid", 401, "The API key is not known, was revoked or has expired.");

    /// <summary>The key's scope does not reach.</summary>
    public static readonly ProblemKind ScopeInsufficient = new("scope_insufficient", 403, "The API key's scope does not allow this.");

    /// <summary>There is no such route.</summary>
    public static readonly ProblemKind RouteUnknown = new("route_unknown", 404, "There is nothing at this address; /openapi/v1.json lists what there is.");

    /// <summary>There is no such resource, or it belongs to another msp.</summary>
    public static readonly ProblemKind NotFound = new("not_found", 404, "There is no such resource.");

    /// <summary>The body names an account that is not the msp's.</summary>
    public static readonly ProblemKind AccountUnknown = new("account_unknown", 404, "There is no such account.");

    /// <summary>The body names an organization that is not the msp's.</summary>
    public static readonly ProblemKind OrganizationUnknown = new("organization_unknown", 404, "There is no such organization.");

    /// <summary>The body names a feed that is not the msp's.</summary>
    public static readonly ProblemKind FeedUnknown = new("feed_unknown", 404, "There is no such feed.");

    /// <summary>The address is right, the verb is not.</summary>
    public static readonly ProblemKind MethodNotAllowed = new("method_not_allowed", 405, "This address does not know this method.");

    /// <summary>The body is not JSON by its content type.</summary>
    public static readonly ProblemKind MediaTypeUnsupported = new("media_type_unsupported", 415, "Send the body as application/json; a feed also takes text/csv, an import nothing else.");

    /// <summary>The body is larger than 1 MiB, or as a snapshot of a feed than 4 MiB.</summary>
    public static readonly ProblemKind BodyTooLarge = new("body_too_large", 413, "A body has at most 1 MiB, a snapshot of a feed or a file to import 4 MiB.");

    /// <summary>The request cannot be understood as HTTP.</summary>
    public static readonly ProblemKind RequestInvalid = new("request_invalid", 400, "The request cannot be understood.");

    /// <summary>A body was expected.</summary>
    public static readonly ProblemKind BodyMissing = new("body_missing", 400, "The request needs a body.");

    /// <summary>The body is not JSON.</summary>
    public static readonly ProblemKind JsonInvalid = new("json_invalid", 400, "The body is not valid JSON.");

    /// <summary>The body has a field that nobody knows; <c>errors</c> names it.</summary>
    public static readonly ProblemKind FieldUnknown = new("field_unknown", 400, "The body has a field that is not known here.");

    /// <summary>The address has a parameter that nobody knows; <c>errors</c> names it.</summary>
    public static readonly ProblemKind ParameterUnknown = new("parameter_unknown", 400, "The address has a parameter that is not known here.");

    /// <summary>Fields are missing, of the wrong type or out of range; <c>errors</c> names them.</summary>
    public static readonly ProblemKind ValidationFailed = new("validation_failed", 400, "Some fields are not as they should be.");

    /// <summary>Something in the address or the query is not of its type.</summary>
    public static readonly ProblemKind ParameterInvalid = new("parameter_invalid", 400, "A part of the address is not as it should be.");

    /// <summary>Another one has the name already.</summary>
    public static readonly ProblemKind NameTaken = new("name_taken", 409, "Another one has this name already.");

    /// <summary>The IANA database has no such zone.</summary>
    public static readonly ProblemKind ZoneUnknown = new("zone_unknown", 422, "The zone is not a time zone of the IANA database.");

    /// <summary>Service lines bill in the msp's currency already.</summary>
    public static readonly ProblemKind CurrencyFixed = new("currency_fixed", 409, "The currency stays: there are service lines that bill in it.");

    /// <summary>Things hang on the integration; <c>errors</c> counts them.</summary>
    public static readonly ProblemKind IntegrationInUse = new("integration_in_use", 409, "The integration stays: other things hang on it.");

    /// <summary>The integration is a feed: there is no vendor that could be called, and nothing secret.</summary>
    public static readonly ProblemKind IntegrationIsFed = new("integration_is_fed", 409, "The integration is a feed: it has no vendor and no credentials. Send it snapshots.");

    /// <summary>The same key was sent with another snapshot.</summary>
    public static readonly ProblemKind IdempotencyKeyReused = new("idempotency_key_reused", 422, "Something else was asked under this idempotency key; choose another one.");

    /// <summary>A text is not the CSV that a feed takes.</summary>
    public static readonly ProblemKind CsvInvalid = new("csv_invalid", 400, "The body is not the CSV that is expected here.");

    /// <summary>A snapshot has more rows than it may have.</summary>
    public static readonly ProblemKind SnapshotTooLarge = new("snapshot_too_large", 422, "A snapshot has more rows than it may have.");

    /// <summary>A file has too many rows, or changes too much at once.</summary>
    public static readonly ProblemKind ImportTooLarge = new("import_too_large", 422, "A file has at most 20,000 rows, of which 1,000 change something; nothing was changed.");

    /// <summary>The stored secret cannot be decrypted.</summary>
    public static readonly ProblemKind SecretUnreadable = new("secret_unreadable", 409, "The stored secret cannot be decrypted with the hub's keys; store it anew.");

    /// <summary>The integration is a product's: it has no tickets.</summary>
    public static readonly ProblemKind IntegrationWithoutDesk = new("integration_without_desk", 409, "The integration is not a PSA's: it has no tickets and no settings of them.");

    /// <summary>The PSA's lists were never read, so that nothing can be compared with them.</summary>
    public static readonly ProblemKind LookupsUnread = new("lookups_unread", 409, "The PSA's lists have not been read yet; do that first.");

    /// <summary>Settings are not what the PSA offers; <c>errors</c> names them.</summary>
    public static readonly ProblemKind SettingsInvalid = new("settings_invalid", 422, "Some settings are not what the PSA offers; nothing was set.");

    /// <summary>A reset would change something else than what was looked at.</summary>
    public static readonly ProblemKind ResetChanged = new("reset_changed", 409, "Settings have changed since they were looked at; nothing was reset. Look again.");

    /// <summary>More organizations have settings of their own than one reset looks through.</summary>
    public static readonly ProblemKind ResetTooLarge = new("reset_too_large", 422, "More organizations have settings of their own than one reset can show; reset them one by one.");

    /// <summary>Nobody has told of an alert of that identity.</summary>
    public static readonly ProblemKind AlertUnknown = new("alert_unknown", 404, "Nobody has raised an alert of that identity.");

    /// <summary>The request names an integration that is no PSA of the msp's.</summary>
    public static readonly ProblemKind PsaUnknown = new("psa_unknown", 404, "There is no such PSA.");

    /// <summary>The msp has no PSA, or more than one, and nothing says which is meant.</summary>
    public static readonly ProblemKind PsaUnclear = new("psa_unclear", 422, "Which PSA is meant is not clear: name an account, an organization that is mapped, or the integration.");

    /// <summary>No setting and no mapping names an account for the ticket.</summary>
    public static readonly ProblemKind TicketWithoutAccount = new("ticket_without_account", 422, "No account is set for the ticket: set a default account, map the organization, or name one.");

    /// <summary>Nothing about the ticket waits for a person.</summary>
    public static readonly ProblemKind TicketNotReleasable = new("ticket_not_releasable", 409, "Nothing about the ticket is parked.");

    /// <summary>The intent is not at an end that a person may release, or a newer one has taken its place.</summary>
    public static readonly ProblemKind IntentNotReleasable = new("intent_not_releasable", 409, "Only a rejected or parked intent can be released, and only if no newer one waits.");

    /// <summary>The request names a contract that is not the msp's, or not the account's.</summary>
    public static readonly ProblemKind ContractUnknown = new("contract_unknown", 404, "There is no such contract.");

    /// <summary>The contract's PSA tells the units of its lines, so that they are imported.</summary>
    public static readonly ProblemKind LinesImported = new("lines_imported", 409, "The lines of this contract are imported from its PSA, which tells their units; none is added here.");

    /// <summary>How often the PSA bills the contract is not known.</summary>
    public static readonly ProblemKind ContractPeriodUnknown = new("contract_period_unknown", 409, "How often the PSA bills the contract is not known yet; import it again.");

    /// <summary>The PSA's last import showed no such service.</summary>
    public static readonly ProblemKind ServiceUnknown = new("service_unknown", 422, "The PSA showed no such service when it was imported last.");

    /// <summary>A line of this service and name runs on the contract.</summary>
    public static readonly ProblemKind LineExists = new("line_exists", 409, "A line of this service and name runs on the contract already; another one needs another name.");

    /// <summary>Nothing is ready to be planned.</summary>
    public static readonly ProblemKind PlanEmpty = new("plan_empty", 409, "Nothing is ready to post.");

    /// <summary>A plan has a bounded number of items.</summary>
    public static readonly ProblemKind PlanTooLarge = new("plan_too_large", 422, "More is ready than a plan can have; plan by account or by contract.");

    /// <summary>The hash is not the plan's: another plan was approved.</summary>
    public static readonly ProblemKind PlanHashMismatch = new("plan_hash_mismatch", 409, "The hash is not the plan's: look at the plan that you mean to apply.");

    /// <summary>By now the plan would post something else; <c>difference</c> says what.</summary>
    public static readonly ProblemKind PlanChanged = new("plan_changed", 409, "What is ready is not what was planned; nothing was posted. Make another plan.");

    /// <summary>The plan is older than a week.</summary>
    public static readonly ProblemKind PlanExpired = new("plan_expired", 409, "The plan is too old to be applied; make another one.");

    /// <summary>The msp wants four eyes, and these are the two that made the plan.</summary>
    public static readonly ProblemKind SecondPersonNeeded = new("second_person_needed", 409, "Who made the plan may not apply it; another key must.");

    /// <summary>The posting was reversed before.</summary>
    public static readonly ProblemKind PostingReversed = new("posting_reversed", 409, "The posting was reversed before.");

    /// <summary>A reversal stays.</summary>
    public static readonly ProblemKind ReversalStays = new("reversal_stays", 409, "A reversal is not reversed: what it took back is ready for review, and can be posted again.");

    /// <summary>The notice is not parked, the contract asks for none any more, or all of its addresses were told.</summary>
    public static readonly ProblemKind NoticeNotReleasable = new(
        "notice_not_releasable", 409, "Only a parked notice can be released, and only while its contract asks for notices at an address that was not told.");

    /// <summary>There are as many webhooks as an msp may have.</summary>
    public static readonly ProblemKind WebhooksTooMany = new("webhooks_too_many", 409, "There are as many webhooks as an msp may have.");

    /// <summary>Nothing is delivered to the webhook: a person disabled it, or its receiver has gone.</summary>
    public static readonly ProblemKind WebhookDisabled = new("webhook_disabled", 409, "Nothing is delivered to the webhook: enable it first.");

    /// <summary>The one date of a job has passed, or it has run on it.</summary>
    public static readonly ProblemKind JobDatePassed = new("job_date_passed", 422, "The job's only date has passed.");

    /// <summary>There are as many jobs as an msp may have.</summary>
    public static readonly ProblemKind JobsTooMany = new("jobs_too_many", 409, "There are as many jobs as an msp may have.");

    /// <summary>The key was revoked, or has expired: it is neither rotated nor revoked.</summary>
    public static readonly ProblemKind KeyEnded = new("key_ended", 409, "The key was revoked, or has expired.");

    /// <summary>A key expires later than now, and within ten years.</summary>
    public static readonly ProblemKind KeyExpiryOutOfRange = new("key_expiry_out_of_range", 422, "A key expires after now and within 3,660 days, or never.");

    /// <summary>There are as many live keys as an msp may have.</summary>
    public static readonly ProblemKind KeysTooMany = new("keys_too_many", 409, "There are as many live keys as an msp may have; revoke one that nobody uses.");

    /// <summary>Nobody could make keys any more.</summary>
    public static readonly ProblemKind KeyLastSuperuser = new("key_last_superuser", 409, "It is the last superuser's key that never expires: make another one first.");

    /// <summary>A run that has ended is not cancelled.</summary>
    public static readonly ProblemKind RunEnded = new("run_ended", 409, "The run has ended already.");

    /// <summary>The resource is not what <c>If-Match</c> names.</summary>
    public static readonly ProblemKind PreconditionFailed = new("precondition_failed", 412, "It is not what If-Match names any more; nothing was changed. Get it again.");

    /// <summary>A PUT that takes the place of everything names what it replaces.</summary>
    public static readonly ProblemKind PreconditionRequired = new(
        "precondition_required", 428, "This replaces all that is there: send If-Match with the ETag of what you saw, or * for whatever it is.");

    /// <summary>The route changes no single resource that has a tag.</summary>
    public static readonly ProblemKind ConditionUnsupported = new("condition_unsupported", 400, "This address takes no If-Match.");

    /// <summary>The header is empty, too long, or has spaces.</summary>
    public static readonly ProblemKind IdempotencyKeyInvalid = new("idempotency_key_invalid", 400, "Idempotency-Key must be 1 to 200 visible ASCII characters.");

    /// <summary>The request that has the key has no answer yet; perhaps it was cut off.</summary>
    public static readonly ProblemKind RequestUnfinished = new(
        "request_unfinished", 409, "The request that was sent with this Idempotency-Key is being worked on, or was cut off: it is not done again. See what became of it before you send it under another key.");

    /// <summary>The request was done; its answer held a secret.</summary>
    public static readonly ProblemKind AnswerNotKept = new("answer_not_kept", 409, "The request was done, and its answer held a secret that is not kept: it cannot be given again.");

    /// <summary>The key, or all keys of its msp together, made more requests than they may.</summary>
    public static readonly ProblemKind TooManyRequests = new("too_many_requests", 429, "That is more than this key, or all keys of its msp together, may ask; wait as long as Retry-After says.");

    /// <summary>Somebody else holds what the request would change.</summary>
    public static readonly ProblemKind Busy = new("busy", 503, "Somebody else is working on this right now; try again in a moment.");

    /// <summary>PostgreSQL cannot be reached, or takes too long.</summary>
    public static readonly ProblemKind DatabaseUnavailable = new("database_unavailable", 503, "The database cannot be reached right now; try again in a moment.");

    /// <summary>A mistake of ours; the log has it under the trace id.</summary>
    public static readonly ProblemKind InternalError = new("internal_error", 500, "Something went wrong here; the log has it under the trace id.");

    /// <summary>All of them, for documents and tests.</summary>
    public static IReadOnlyList<ProblemKind> All { get; } =
    [
        KeyMissing, KeyInvalid, ScopeInsufficient, RouteUnknown, NotFound, AccountUnknown, OrganizationUnknown, FeedUnknown, MethodNotAllowed, MediaTypeUnsupported,
        BodyTooLarge, RequestInvalid, BodyMissing, JsonInvalid, FieldUnknown, ParameterUnknown, ValidationFailed, ParameterInvalid, NameTaken, ZoneUnknown, CurrencyFixed, IntegrationInUse,
        IntegrationIsFed, IdempotencyKeyReused, CsvInvalid, SnapshotTooLarge, ImportTooLarge, SecretUnreadable, IntegrationWithoutDesk, LookupsUnread, SettingsInvalid, ResetChanged,
        ResetTooLarge, AlertUnknown, PsaUnknown, PsaUnclear, TicketWithoutAccount, TicketNotReleasable, IntentNotReleasable, ContractUnknown, LinesImported,
        ContractPeriodUnknown, ServiceUnknown, LineExists, PlanEmpty, PlanTooLarge, PlanHashMismatch, PlanChanged, PlanExpired, SecondPersonNeeded, PostingReversed,
        ReversalStays, NoticeNotReleasable, WebhooksTooMany, WebhookDisabled, JobDatePassed, JobsTooMany, KeyEnded, KeyExpiryOutOfRange, KeysTooMany, KeyLastSuperuser, RunEnded,
        PreconditionFailed, PreconditionRequired, ConditionUnsupported, IdempotencyKeyInvalid,
        RequestUnfinished, AnswerNotKept, TooManyRequests, Busy, DatabaseUnavailable, InternalError,
    ];
}
