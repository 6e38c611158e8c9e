using UsageBilling.Interfaces.Keys;
using UsageBilling.Interfaces.Vendors;

namespace UsageBilling.Interfaces.Grains;

/// <summary>What is known of an integration's credentials.</summary>
public enum CredentialState
{
    /// <summary>Nobody has tried them.</summary>
    Untested = 1,

    /// <summary>The vendor accepted them last time.</summary>
    Valid = 2,

    /// <summary>The vendor turned them away: the integration is parked until they change.</summary>
    Refused = 3,
}

/// <summary>State of an integration.</summary>
/// <param name="ReadsProducts">Whether it is a source of counts; a PSA is not.</param>
/// <param name="CredentialReason">The vendor's word when refused; otherwise null.</param>
/// <param name="NightCursor">The last night that is completely read; null before the first.</param>
/// <param name="Failures">Reads of the current night that failed or left tenants unread, in a row.</param>
public sealed record IntegrationState(
    IntegrationId Id, bool ReadsProducts, CredentialState Credentials, string? CredentialReason, DateOnly? NightCursor, int Failures);

/// <summary>What an integration can be told.</summary>
public abstract record IntegrationMessage
{
    private IntegrationMessage()
    {
    }

    /// <summary>The vendor accepted the credentials.</summary>
    public sealed record CredentialsProved(string Account) : IntegrationMessage;

    /// <summary>The vendor turned the credentials away.</summary>
    public sealed record CredentialsRefused(VendorFailure Failure) : IntegrationMessage;

    /// <summary>Somebody stored other credentials, or another address.</summary>
    public sealed record CredentialsChanged : IntegrationMessage;

    /// <summary>Somebody wants a night read now; null for the last one.</summary>
    public sealed record NightRequested(DateOnly? Night) : IntegrationMessage;

    /// <summary>A reading pass ended.</summary>
    /// <param name="ForNight">Whether the night was due; otherwise the pass only answered requests.</param>
    /// <param name="Waiting">Tenants that still owe the night and wait for a later attempt.</param>
    public sealed record PassEnded(NightSummary Pass, bool ForNight, int Waiting = 0) : IntegrationMessage;

    /// <summary>A feed was made: an integration that is told its counts and needs no credentials.</summary>
    public sealed record FeedOpened(string Product) : IntegrationMessage;

    /// <summary>A feed was told something, which is stored and has to be handed to its tenants.</summary>
    public sealed record SnapshotReceived : IntegrationMessage;

    /// <summary>What a feed was told is handed over and looked through.</summary>
    /// <param name="Night">The night of the pass.</param>
    /// <param name="Closed">The night that ended before it; null when the pass was not for the night.</param>
    /// <param name="Left">Tenants that could not take their part, and stay due.</param>
    public sealed record FeedPassEnded(DateOnly Night, NightSummary? Closed, int Left) : IntegrationMessage;
}

/// <summary>One night of one integration, and how far it came.</summary>
/// <param name="Due">Tenants that were due.</param>
/// <param name="Read">Tenants whose counts were read, beside those that the record counted as they were handed over.</param>
/// <param name="Unread">Tenants that could not be read and stay due.</param>
/// <param name="Changed">Tenants whose counts or evidence changed, beside those.</param>
/// <param name="Discovered">Tenants seen for the first time.</param>
/// <param name="FailureCode">Why tenants are unread; null when none is.</param>
public sealed record NightSummary(DateOnly Night, int Due, int Read, int Unread, int Changed, int Discovered, string? FailureCode, string? FailureSentence);
