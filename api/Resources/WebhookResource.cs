using Npgsql;
using UsageBilling.Api.Problems;
using UsageBilling.Interfaces.Webhooks;
using UsageBilling.Runtime.Turns.Tables;
using UsageBilling.Runtime.Webhooks;

namespace UsageBilling.Api.Resources;

/// <summary>An address that is told of what happens. Its secret is shown once, when it is made.</summary>
/// <param name="Events">Of <c>units.changed</c>, <c>line.held</c>, <c>night.finished</c>, <c>plan.ready</c>, <c>posting.applied</c> and <c>ticket.created</c>.</param>
/// <param name="State"><c>enabled</c>, <c>disabled</c>, or <c>gone</c>: its receiver answered 410.</param>
/// <param name="OldSecretUntil">Until when the secret before signs, too; null when it does not.</param>
/// <param name="CreatedBy">A key's name and id.</param>
/// <param name="Last">How the last delivery that was tried ended; null when none was.</param>
internal sealed record WebhookResource(
    long Id, string Name, string Url, IReadOnlyList<string> Events, string State, DateTimeOffset? OldSecretUntil, DateTimeOffset CreatedAt, string CreatedBy, LastDeliveryResource? Last)
{
    internal static WebhookResource FromRow(NpgsqlDataReader row) => new(
        row.GetInt64(0), row.GetString(1), row.GetString(2), row.GetFieldValue<string[]>(3), row.GetString(4), row.MaybeInstant(5), row.Instant(6), row.GetString(7),
        row.Text(8) is { } state ? new(state, DeliveryResource.Status(row, 9), row.Text(10)) : null);
}

/// <summary>How a delivery stands.</summary>
/// <param name="State"><c>sending</c>, <c>failed</c> (it is tried again), <c>delivered</c> or <c>parked</c>.</param>
/// <param name="LastStatus">What its receiver answered; null when no answer came.</param>
internal sealed record LastDeliveryResource(string State, int? LastStatus, string? Code);

/// <summary>A secret, and the webhook that it is for.</summary>
/// <param name="Secret">What the receiver checks signatures with. It is shown this once.</param>
internal sealed record MadeWebhookResource(string Secret, WebhookResource Webhook)
{
    /// <summary>Names the webhook only.</summary>
    public override string ToString() => $"MadeWebhookResource({Webhook.Id})";
}

/// <summary>One event for one webhook.</summary>
/// <param name="Event">What happened; <c>webhook.test</c> for a test.</param>
/// <param name="MessageId">What the receiver finds as <c>webhook-id</c>, the same however often it is sent.</param>
/// <param name="State"><c>pending</c>, <c>sending</c>, <c>failed</c> (it is tried again), <c>delivered</c> or <c>parked</c>.</param>
/// <param name="Attempts">Since it was written, or sent again by a person.</param>
/// <param name="LastStatus">What the receiver answered; null when no answer came.</param>
/// <param name="Body">The very text that is signed.</param>
/// <param name="DueAt">When it is sent, or tried again; null when it is not to be.</param>
internal sealed record DeliveryResource(
    long Id, string Event, string MessageId, string State, int Attempts, int? LastStatus, string? Code, string? Sentence, string Body, DateTimeOffset CreatedAt, DateTimeOffset? DueAt, DateTimeOffset? SettledAt)
{
    /// <summary>Whether its next attempt has been made.</summary>
    internal bool Tried => State is not ("pending" or "sending");

    internal static DeliveryResource FromRow(NpgsqlDataReader row) => new(
        row.GetInt64(0), row.GetString(1), WebhookCall.IdOf(row.GetGuid(2)), row.GetString(3), row.GetInt32(4), Status(row, 5), row.Text(6), row.Text(7), row.GetString(8), row.Instant(9),
        row.MaybeInstant(10), row.MaybeInstant(11));

    internal static int? Status(NpgsqlDataReader row, int column) => row.IsDBNull(column) ? null : row.GetInt32(column);
}

/// <summary>A webhook as somebody wants it.</summary>
/// <param name="Url">A whole https address.</param>
/// <param name="Events">At least one.</param>
/// <param name="Enabled">Whether anything is delivered.</param>
internal sealed record NewWebhook(string Name, string Url, IReadOnlyList<string> Events, bool Enabled = true) : IChecked
{
    private const int NameMax = 100;

    public IEnumerable<FieldError> Check()
    {
        foreach (var error in Checks.Text("name", Name, NameMax)) yield return error;
        if (Events.Count == 0 || Events.Except(WebhookEvent.All).Any() || Events.Distinct().Count() != Events.Count)
            yield return new("events", $"Must be some of {string.Join(", ", WebhookEvent.All)}, each once.");
    }

    internal WebhookEntry ToEntry() => new(Name.Trim(), Url, Events, Enabled);
}

/// <summary>How a secret is replaced by another.</summary>
/// <param name="OverlapMinutes">For so long both sign, so that the receiver can change over; absent: a day. 0 ends the old one at once.</param>
internal sealed record SecretRotation(int OverlapMinutes = 1440) : IChecked
{
    public IEnumerable<FieldError> Check()
    {
        if (OverlapMinutes is < 0 or > WebhookStore.OverlapMinutesMax) yield return new("overlap_minutes", $"Must be 0 to {WebhookStore.OverlapMinutesMax}.");
    }
}
