using Microsoft.Extensions.Logging;
using UsageBilling.Runtime.Tickets;

namespace UsageBilling.Silo;

/// <summary>Everything a silo says in its log, with the ids that docs/OPERATING.md explains. Never a secret, never a name of a customer.</summary>
internal static partial class SiloLog
{
    [LoggerMessage(1001, LogLevel.Warning, "Pump {Pump} stopped and starts again: {Reason}")]
    public static partial void PumpFault(this ILogger log, string pump, string reason);

    [LoggerMessage(1002, LogLevel.Information, "Silo up: {Shards} shards, poked every {Seconds} s")]
    public static partial void Up(this ILogger log, int shards, double seconds);

    [LoggerMessage(1003, LogLevel.Warning, "Silo did not stop within {Seconds} s and leaves as it is; its work stays due for the others")]
    public static partial void LeftWithoutGoodbye(this ILogger log, double seconds);

    [LoggerMessage(1004, LogLevel.Warning, "PostgreSQL takes no connections yet and is waited for, {Seconds} s at most: {Reason}")]
    public static partial void WaitsForDatabase(this ILogger log, double seconds, string reason);

    [LoggerMessage(2001, LogLevel.Information, "Integration {Integration} read: night {Night}, {Read} tenants read, {Unread} unread, {Changed} changed, {Discovered} discovered")]
    public static partial void PassEnded(this ILogger log, long integration, DateOnly night, int read, int unread, int changed, int discovered);

    [LoggerMessage(2002, LogLevel.Warning, "Integration {Integration} could not be read: {Code}")]
    public static partial void PassFailed(this ILogger log, long integration, string code);

    [LoggerMessage(2003, LogLevel.Warning, "Integration {Integration} is parked: {Code}")]
    public static partial void Parked(this ILogger log, long integration, string code);

    [LoggerMessage(2004, LogLevel.Error, "Integration {Integration} broke, the others go on: {Reason}")]
    public static partial void IntegrationBroke(this ILogger log, long integration, string reason);

    [LoggerMessage(2005, LogLevel.Information, "Integration {Integration} waits {Seconds} s: {Code}")]
    public static partial void PassWithheld(this ILogger log, long integration, double seconds, string code);

    [LoggerMessage(2006, LogLevel.Information, "Integration {Integration}: {Used} of {VendorAllows} calls are used, {ByOthers} of them by others; the hub may make {Allowed}")]
    public static partial void QuotaObserved(this ILogger log, long integration, int used, int vendorAllows, int byOthers, int allowed);

    [LoggerMessage(2007, LogLevel.Information, "Snapshot {Snapshot} of feed {Feed} handed over: night {Night}, {Tenants} tenants")]
    public static partial void SnapshotTaken(this ILogger log, long snapshot, long feed, DateOnly night, int tenants);

    [LoggerMessage(2008, LogLevel.Error, "Snapshot {Snapshot}: tenant {Tenant} could not take its part, the others have theirs: {Reason}")]
    public static partial void FedTenantBroke(this ILogger log, long snapshot, long tenant, string reason);

    [LoggerMessage(3001, LogLevel.Information, "Intent {Intent} sent: {Delta} units from {Date}")]
    public static partial void Sent(this ILogger log, long intent, decimal delta, DateOnly date);

    [LoggerMessage(3002, LogLevel.Warning, "Intent {Intent} is in doubt: {Code}")]
    public static partial void InDoubt(this ILogger log, long intent, string code);

    [LoggerMessage(3003, LogLevel.Warning, "Intent {Intent} needs a person: {State}, {Code}")]
    public static partial void NeedsPerson(this ILogger log, long intent, string state, string code);

    [LoggerMessage(3101, LogLevel.Information, "The PSA has what it was owed about ticket {Ticket}: {Kind}")]
    public static partial void TicketConfirmed(this ILogger log, long ticket, TicketWriteKind kind);

    [LoggerMessage(3102, LogLevel.Warning, "Write {Write} of a ticket is in doubt: {Code}")]
    public static partial void TicketInDoubt(this ILogger log, long write, string code);

    [LoggerMessage(3103, LogLevel.Warning, "Ticket {Ticket} needs a person: {Code}")]
    public static partial void TicketNeedsPerson(this ILogger log, long ticket, string code);

    [LoggerMessage(4001, LogLevel.Information, "Run {Run} ended: {Code}")]
    public static partial void RunEnded(this ILogger log, long run, string code);

    [LoggerMessage(4101, LogLevel.Information, "Run {Run} of a job ended: {Code}")]
    public static partial void JobRunEnded(this ILogger log, long run, string code);

    [LoggerMessage(4102, LogLevel.Error, "{Work} {Id} of the jobs broke and is tried again later, the others go on: {Reason}")]
    public static partial void JobBroke(this ILogger log, string work, long id, string reason);

    [LoggerMessage(8101, LogLevel.Information, "Notice {Notice} sent at attempt {Attempt}")]
    public static partial void NoticeSent(this ILogger log, long notice, int attempt);

    [LoggerMessage(8102, LogLevel.Warning, "Notice {Notice} was not sent at attempt {Attempt} and is tried again: {Code}")]
    public static partial void NoticeFailed(this ILogger log, long notice, int attempt, string code);

    [LoggerMessage(8103, LogLevel.Warning, "Notice {Notice} needs a person: {Code}")]
    public static partial void NoticeParked(this ILogger log, long notice, string code);

    [LoggerMessage(8201, LogLevel.Warning, "Delivery {Delivery} to webhook {Webhook} failed at attempt {Attempt} and is tried again: {Code}")]
    public static partial void DeliveryFailed(this ILogger log, long delivery, long webhook, int attempt, string code);

    [LoggerMessage(8202, LogLevel.Warning, "Delivery {Delivery} to webhook {Webhook} needs a person: {Code}")]
    public static partial void DeliveryParked(this ILogger log, long delivery, long webhook, string code);

    [LoggerMessage(8203, LogLevel.Warning, "The receiver of webhook {Webhook} wants nothing any more: it is off until a person enables it")]
    public static partial void WebhookGone(this ILogger log, long webhook);

    [LoggerMessage(8204, LogLevel.Error, "Webhook {Webhook} broke, the others go on: {Reason}")]
    public static partial void WebhookBroke(this ILogger log, long webhook, string reason);

    [LoggerMessage(7001, LogLevel.Information, "Janitor: {Step}, {Rows} rows in {Milliseconds} ms")]
    public static partial void JanitorStep(this ILogger log, string step, long rows, double milliseconds);

    [LoggerMessage(7002, LogLevel.Warning, "Janitor: {Step} failed and is tried again tomorrow: {Reason}")]
    public static partial void JanitorFault(this ILogger log, string step, string reason);

    [LoggerMessage(7003, LogLevel.Warning, "Limit {Limit} is crossed: {Metric} of {Kind} is {Value}, beyond {Most}")]
    public static partial void LimitCrossed(this ILogger log, string limit, string metric, string kind, double value, double most);

    [LoggerMessage(7004, LogLevel.Warning, "Limit {Limit} is kept again: {Metric} of {Kind} is {Value}")]
    public static partial void LimitKept(this ILogger log, string limit, string metric, string kind, double value);

    [LoggerMessage(7005, LogLevel.Warning, "The database cannot be watched, and is tried again: {Reason}")]
    public static partial void WatchBlind(this ILogger log, string reason);

    [LoggerMessage(7006, LogLevel.Warning, "A session of {Application} held rows and said nothing for {Seconds} s, and was ended; others waited for it: {Awaited}")]
    public static partial void SilenceEnded(this ILogger log, string application, double seconds, bool awaited);
}
