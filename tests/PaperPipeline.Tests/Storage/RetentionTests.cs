using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Time.Testing;
using PaperPipeline.Cli;
using PaperPipeline.ServiceDefaults.Settings;
using PaperPipeline.Storage.Archive;
using PaperPipeline.Storage.Index.Sqlite;

namespace PaperPipeline.Tests.Storage;

public sealed class RetentionTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("paperpipeline-retention-").FullName;
    private readonly FakeTimeProvider _clock = new(new DateTimeOffset(2026, 5, 1, 0, 0, 0, TimeSpan.Zero));

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public async Task Old_digests_that_are_complete_go_at_the_start_and_each_day()
    {
        var archive = new DigestArchive(Path.Combine(_folder, "archive"));
        await using var store = SqliteStore.Open(Path.Combine(_folder, "papers.db"), write: true)!;
        var old = await ArchiveAsync(archive, store, "old", age: 40, complete: true);
        var unsettled = await ArchiveAsync(archive, store, "unsettled", age: 40, complete: false);
        var later = await ArchiveAsync(archive, store, "later", age: 29, complete: true);
        var young = await ArchiveAsync(archive, store, "young", age: 1, complete: true);
        using var retention = new Retention(
            archive,
            store,
            TimeSpan.FromDays(30),
            _clock,
            NullLogger<Retention>.Instance
        );

        await retention.StartAsync(Token);
        await GoneAsync(old);
        Assert.True(archive.Holds(later));
        // It waits for the next day once it has deleted all that there was; how far it has come is not seen from here.
        await GoneAsync(later, () => _clock.Advance(TimeSpan.FromDays(1)));
        await retention.StopAsync(Token);

        Assert.True(archive.Holds(unsettled));
        Assert.True(archive.Holds(young));
        Assert.NotNull(archive.Find(old));

        async Task GoneAsync(string digest, Action? meanwhile = null)
        {
            for (var n = 0; archive.Holds(digest); n++)
            {
                Assert.True(n < 2000, "it is still there");
                if (n % 100 == 0)
                    meanwhile?.Invoke();
                await Task.Delay(TimeSpan.FromMilliseconds(10), TimeProvider.System, Token);
            }
        }
    }

    [Theory]
    [InlineData("0")]
    [InlineData("-1")]
    [InlineData("a year")]
    [InlineData("36501")]
    public void Days_to_keep_are_a_number_from_1(string text)
    {
        var failure = Assert.Throws<SettingException>(() => Read(text));

        Assert.Contains($"PAPERPIPELINE_KEEP_DAYS is '{text}'", failure.Message, StringComparison.Ordinal);
        Assert.Equal(TimeSpan.FromDays(90), Read("90").KeepDigests);
        Assert.Null(Read("").KeepDigests);

        static PipelineSettings Read(string days) => PipelineSettings.Read(name => name == "KEEP_DAYS" ? days : null);
    }

    private async Task<string> ArchiveAsync(
        DigestArchive archive,
        SqliteStore store,
        string name,
        int age,
        bool complete
    )
    {
        var at = _clock.GetUtcNow() - TimeSpan.FromDays(age);
        var digest = await ArchivedDigest.StoreAsync(archive, name, at, Token);
        if (complete)
            await ArchivedDigest.SettleAsync(store, digest, Token);
        return digest;
    }
}
