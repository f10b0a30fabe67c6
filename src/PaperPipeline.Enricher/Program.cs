using PaperPipeline.Enricher;
using PaperPipeline.ServiceDefaults;
using PaperPipeline.ServiceDefaults.Messaging;

return await WorkerHost.RunAsync(
    new Worker
    {
        Stage = "enricher",
        Queue = Routes.Enrich,
        Prefetch = 8,
        AddServices = (services, _, _) => Task.FromResult(services.AddEnricher()),
        AddConsumers = bus => bus.AddEnricherConsumers(),
    },
    args
);
