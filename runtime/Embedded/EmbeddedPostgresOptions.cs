namespace UsageBilling.Runtime.Embedded;

/// <summary>What a program says about the private PostgreSQL instance it wants.</summary>
public sealed record EmbeddedPostgresOptions
{
    /// <summary>Measures waits. The instance itself never asks what time it is.</summary>
    public required TimeProvider Clock { get; init; }

    /// <summary>Where the cluster is wanted, relative to the current folder. Ignored for a throw-away instance.
    /// <see cref="EmbeddedPostgres.DataFolder"/> says where it really is.</summary>
    public string DataFolder { get; init; } = Path.Combine("data", "pg");

    /// <summary>The folder with <c>initdb</c>, <c>pg_ctl</c> and <c>postgres</c>. When null they are looked for; when given, nowhere else.</summary>
    public string? BinariesFolder { get; init; }

    /// <summary>The database the connection string names; created when it is missing.</summary>
    public string Database { get; init; } = "usagebilling";

    /// <summary>Where clusters live when root asks for a folder that the server's account cannot enter.
    /// When null: <c>/var/lib/usagebilling</c>, else <c>/var/tmp/usagebilling</c>.</summary>
    public string? StateFolder { get; init; }

    /// <summary>An instance for tests: a temporary folder of its own, no fsync, gone when disposed or when this process ends in any way.</summary>
    public bool Throwaway { get; init; }

    /// <summary>Listen on 127.0.0.1 with a password even where a unix socket would do.</summary>
    public bool Loopback { get; init; }
}
