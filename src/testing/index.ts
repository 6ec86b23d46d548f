/** For the tests of programs that use Ligature. */
export { startTestService, type TestService, type TestServiceOptions } from "./start-test-service.ts";
