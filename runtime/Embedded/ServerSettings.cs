using System.Globalization;

namespace UsageBilling.Runtime.Embedded;

/// <summary>The server's settings, written anew at every start. What an operator sets with ALTER SYSTEM wins over them.</summary>
internal static class ServerSettings
{
    public const string FileName = "usagebilling.conf";
    public const string AccessFileName = "pg_hba.conf";
    private const long Mebibyte = 1024 * 1024;
    private const long SharedBuffersMinMiB = 128;
    private const long SharedBuffersMaxMiB = 1024;

    /// <summary>The line that makes postgresql.conf read <see cref="Text"/>.</summary>
    public const string Include = $"\ninclude '{FileName}'\n";

    public static string Text(ServerEndpoint endpoint, ServerBinaries binaries, bool throwaway, long memoryBytes)
    {
        var memory = memoryBytes / Mebibyte;
        var shared = throwaway ? SharedBuffersMinMiB : Math.Clamp(memory / 8, SharedBuffersMinMiB, SharedBuffersMaxMiB);
        var lines = new List<string>
        {
            "# Written by UsageBilling at every start; use ALTER SYSTEM for settings of your own",
            endpoint.IsSocket ? "listen_addresses = ''" : $"listen_addresses = '{endpoint.Host}'",
            endpoint.IsSocket ? $"unix_socket_directories = '{endpoint.Host}'" : "unix_socket_directories = ''",
            "unix_socket_permissions = 0700",
            Invariant($"port = {endpoint.Port}"),
            "password_encryption = 'scram-sha-256'",
            "timezone = 'UTC'",
            "log_timezone = 'UTC'",
            "lc_messages = 'C'",
            "max_connections = 200",
            Invariant($"shared_buffers = {shared}MB"),
            Invariant($"effective_cache_size = {Math.Max(memory / 2, SharedBuffersMinMiB)}MB"),
            "huge_pages = off",
            "work_mem = 16MB",
            "maintenance_work_mem = 128MB",
            "random_page_cost = 1.1",
            "jit = off # turns are short; compiling them costs more than they do",
            "autovacuum = on",
            "synchronous_commit = on",
            $"wal_compression = {binaries.WalCompression}",
            "checkpoint_timeout = 15min",
            "checkpoint_completion_target = 0.9",
            "log_line_prefix = '%m [%p] '",
        };
        // A silo that dies in the middle of a statement must not keep its row locks. Only Linux can tell
        if (OperatingSystem.IsLinux()) lines.Add("client_connection_check_interval = 1s");
        lines.AddRange(throwaway ? ForThrowaway : ForKeeps);
        return string.Join('\n', lines) + "\n";
    }

    public static string Access(ServerEndpoint endpoint) => endpoint.IsSocket
        ? "# Written by UsageBilling at every start. The socket's folder has mode 700: whoever gets here may come in\nlocal all all trust\n"
        : $"host all all {endpoint.Host}/32 scram-sha-256\n";

    private static readonly string[] ForKeeps =
    [
        "fsync = on",
        "full_page_writes = on",
        "min_wal_size = 256MB",
        "max_wal_size = 4GB",
        "logging_collector = on",
        "log_directory = 'log'",
        "log_filename = 'server-%a.log' # one file a weekday, overwritten a week later",
        "log_truncate_on_rotation = on",
        "log_rotation_age = 1d",
        "log_rotation_size = 0",
    ];

    // synchronous_commit stays on: a chaos test that kills the server must find every acknowledged commit
    private static readonly string[] ForThrowaway =
    [
        "fsync = off",
        "full_page_writes = off",
        "wal_level = minimal",
        "max_wal_senders = 0",
        "max_wal_size = 1GB",
        "logging_collector = off",
    ];

    private static string Invariant(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);
}
