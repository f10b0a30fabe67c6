using PaperPipeline.Parser;
using PaperPipeline.ServiceDefaults;
using PaperPipeline.ServiceDefaults.Messaging;
using PaperPipeline.Storage.Archive;

return await WorkerHost.RunAsync(
    new Worker
    {
        Stage = "parser",
        Queue = Routes.Parse,
        AddServices = (services, settings, _) =>
            Task.FromResult(services.AddSingleton(new DigestArchive(settings.Archive)).AddParser()),
        AddConsumers = bus => bus.AddParserConsumers(),
    }
);
