using System.Net;
using UsageBilling.Interfaces.Vendors;

namespace UsageBilling.Connectors;

/// <summary>The bounds of every vendor call. The defaults are for production; tests shorten the waits and allow the loopback.</summary>
public sealed record ConnectorOptions
{
    /// <summary>Development only: vendors may also be reached at <c>127.0.0.1</c>, <c>localhost</c> and <c>[::1]</c>, over plain http and on any port.</summary>
    public bool AllowLoopback { get; init; }

    /// <summary>Development: hosts that may be called over plain http and on private addresses, by full name (a sandbox in a container network). None by default.</summary>
    public IReadOnlyList<string> DevelopmentHosts { get; init; } = [];

    /// <summary>One attempt of one call, from looking up the host to the last byte of the answer.</summary>
    public TimeSpan CallTimeLimit { get; init; } = TimeSpan.FromSeconds(30);

    /// <summary>Connecting and the TLS handshake alone.</summary>
    public TimeSpan ConnectTimeLimit { get; init; } = TimeSpan.FromSeconds(10);

    /// <summary>One attempt to deliver an event to a webhook, from looking up the host to the status of the answer.</summary>
    public TimeSpan ReceiverTimeLimit { get; init; } = TimeSpan.FromSeconds(15);

    /// <summary>Bytes of an answer's body; a longer answer is a failure, never a shorter list.</summary>
    public int AnswerBytesMax { get; init; } = 32 * 1024 * 1024;

    /// <summary>Kilobytes of an answer's headers.</summary>
    public int HeaderKilobytesMax { get; init; } = 32;

    /// <summary>Attempts of one read, the first included. Writes have one.</summary>
    public int ReadAttemptsMax { get; init; } = 3;

    /// <summary>The wait before the second attempt; it doubles, with jitter.</summary>
    public TimeSpan RetryDelay { get; init; } = TimeSpan.FromMilliseconds(500);

    /// <summary>The longest wait between two attempts that nobody asked for.</summary>
    public TimeSpan RetryDelayMax { get; init; } = TimeSpan.FromSeconds(10);

    /// <summary>The longest Retry-After that is waited out in the call; a longer one is given to the caller at once.</summary>
    public TimeSpan RetryAfterMax { get; init; } = TimeSpan.FromSeconds(20);

    /// <summary>Calls within <see cref="BreakerWindow"/> below which the circuit breaker stays closed. At least 2.</summary>
    public int BreakerCallsMin { get; init; } = 6;

    /// <summary>The circuit breaker opens when at least half of the calls of this window failed.</summary>
    public TimeSpan BreakerWindow { get; init; } = TimeSpan.FromSeconds(60);

    /// <summary>How long an open circuit lets nothing through, before one call may try again.</summary>
    public TimeSpan BreakerPause { get; init; } = TimeSpan.FromSeconds(30);

    /// <summary>The share of Autotask's hourly calls that the hub uses at most, in per cent. Above half the vendor slows everybody down; the rest is for others.</summary>
    public int AutotaskSharePercent { get; init; } = 45;

    /// <summary>The share of the hourly calls that BMS and Vorex allow to each endpoint, which the hub uses at most, in per cent. The rest is for other products of the msp.</summary>
    public int BmsSharePercent { get; init; } = 80;

    /// <summary>BMS and Vorex: the name of the table of ticket types, which Kaseya does not document.</summary>
    public string BmsTicketTypes { get; init; } = "TicketTypes";

    /// <summary>BMS and Vorex: the name of the table of ticket sources, which Kaseya does not document.</summary>
    public string BmsTicketSources { get; init; } = "TicketSources";

    /// <summary>BMS and Vorex: the type that notes of the hub have. A note must have one, 0 is the least, and no list of them is documented.</summary>
    public int BmsNoteType { get; init; }

    /// <summary>The largest share that leaves something to others: when everything is used up, nobody can work.</summary>
    public const int SharePercentMax = 90;

    /// <summary>Calls to UniView; null because it names no limit.</summary>
    public CallQuota? UniViewQuota { get; init; }

    /// <summary>How long an Autotask zone is believed.</summary>
    public TimeSpan ZoneLifetime { get; init; } = TimeSpan.FromHours(12);

    /// <summary>Which of UniView's two numbers is the archived licences.</summary>
    public ArchivedLicences ArchivedLicences { get; init; }

    /// <summary>Looks up a host. Called once per connection; the connection goes to an address of that answer and to no other.</summary>
    public Func<string, CancellationToken, Task<IPAddress[]>> Resolve { get; init; } = Dns.GetHostAddressesAsync;
}

/// <summary>UniView counts archived licences twice and its description does not say which of them is sold.</summary>
public enum ArchivedLicences
{
    /// <summary><c>numberOfArchivedLicensesTotal</c>, described as the number of archived users.</summary>
    Total,

    /// <summary><c>numberOfProtectedArchivedUsers</c>.</summary>
    ProtectedUsers,
}
